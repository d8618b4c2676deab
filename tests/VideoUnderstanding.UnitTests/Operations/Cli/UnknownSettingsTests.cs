using VideoUnderstanding.Data;
using VideoUnderstanding.Media;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Operations.Cli;

public sealed class UnknownSettingsTests
{
    [Theory]
    [InlineData("VideoUnderstanding:Medai:Threads")]
    [InlineData("VideoUnderstanding:Media:Thread")]
    [InlineData("VideoUnderstanding:Media")]
    [InlineData("VideoUnderstanding:DataFolders")]
    public void An_unknown_setting_is_reported(string setting) => Assert.Equal([setting], Unknown(setting));

    [Theory]
    [InlineData("VideoUnderstanding:Media:Threads")]
    [InlineData("videounderstanding:media:threads")]
    [InlineData("VideoUnderstanding:DataFolder")]
    [InlineData("VideoUnderstanding:EmbeddedDatabase:StartSeconds")]
    [InlineData("VideoUnderstanding:Transfers:Integrations:studio:Bucket")]
    [InlineData("Logging:LogLevel:Nothing")]
    public void Existing_and_foreign_settings_are_not_reported(string setting) => Assert.Empty(Unknown(setting));

    private static IReadOnlyList<string> Unknown(string setting)
    {
        var builder = ServerSettings.CreateQuietBuilder([$"--{setting}=1"]);
        builder.AddMedia();
        builder.AddData();
        return UnknownSettings.In(builder.Configuration, builder.Services);
    }
}
