using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.UnitTests.Operations.Database;

public sealed class ClusterFolderTests
{
    [Fact]
    public void With_a_short_path_the_socket_is_in_the_cluster_folder()
        => Assert.Equal("/srv/videos/postgres", new ClusterFolder("/srv/videos").SocketFolder);

    [Theory]
    [InlineData('a', 100)]
    [InlineData('ä', 50)]
    public void A_path_longer_than_a_sockets_address_gets_a_short_folder(char letter, int count)
    {
        var folder = new ClusterFolder("/srv/" + new string(letter, count));
        Assert.True(folder.SocketFolder.Length < 60);
        Assert.NotEqual(folder.SocketFolder, new ClusterFolder("/srv/" + new string(letter, count + 1)).SocketFolder);
    }

    [Fact]
    public void No_database_runs_in_an_empty_folder() => Assert.Null(new ClusterFolder("/nowhere/at/all").Running());
}
