using VideoUnderstanding.Indexing.Filenames;

namespace VideoUnderstanding.UnitTests.Indexing.Filenames;

public sealed class ShownFilenameTests
{
    [Theory]
    [InlineData("clip.mp4", "clip.mp4")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\videos\\north quay.mp4", "north quay.mp4")]
    [InlineData("..", "video")]
    [InlineData("folder/", "video")]
    [InlineData("", "video")]
    [InlineData(null, "video")]
    [InlineData("a\u0000b\r\nc.mp4", "abc.mp4")]
    [InlineData("船 🚢.mp4", "船 🚢.mp4")]
    public void Folders_and_unprintable_characters_are_removed_from_a_name(string? name, string expected)
        => Assert.Equal(expected, ShownFilename.Clean(name));

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        var cut = ShownFilename.Clean(new string('a', 254) + "🚢.mp4");
        Assert.Equal(254, cut.Length);
        Assert.Equal(255, ShownFilename.Clean(new string('a', 400)).Length);
    }

    [Theory]
    [InlineData("https://example.org/a/b%20c.mp4?x=1", "b c.mp4")]
    [InlineData("https://example.org/", "example.org")]
    [InlineData("https://example.org/a%2Fb.mp4", "b.mp4")]
    public void The_name_of_an_address_is_the_end_of_its_path(string address, string expected)
        => Assert.Equal(expected, ShownFilename.Of(new Uri(address)));
}
