using Microsoft.Extensions.Configuration;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Operations.Cli;

public sealed class ServerSettingsTests
{
    /// <summary>A backup's folder is written beside its name and moved there: with the slash it would be written inside.</summary>
    [Theory]
    [InlineData("/backups/today/", "/backups/today")]
    [InlineData("/backups/../backups/today//", "/backups/today")]
    [InlineData("/", "/")]
    public void Folders_lose_the_slash_at_their_end(string written, string read)
    {
        Assert.Equal(read, ServerSettings.UserPath(written));
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("VideoUnderstanding:DataFolder", written)]).Build();
        Assert.Equal(read, settings.DataFolder());
    }
}
