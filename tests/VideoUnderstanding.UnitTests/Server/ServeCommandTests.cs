using VideoUnderstanding.Server.Cli;

namespace VideoUnderstanding.UnitTests.Server;

public sealed class ServeCommandTests
{
    [Fact]
    public void Offline_is_an_option()
    {
        Assert.True(ServeCommand.Create([]).Parse("--offline").GetValue<bool>("--offline"));
        Assert.False(ServeCommand.Create([]).Parse("").GetValue<bool>("--offline"));
    }
}
