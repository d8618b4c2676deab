using System.CommandLine;
using VideoUnderstanding.Server.Cli;

namespace VideoUnderstanding.UnitTests.Server.Cli;

public sealed class ServerArgumentsTests
{
    [Theory]
    [InlineData("--VideoUnderstanding:DataFolder=/srv", false)]
    [InlineData("--urls=http://127.0.0.1:9000", false)]
    [InlineData("--ConnectionStrings:Database=Host=x", false)]
    [InlineData("--VideoUnderstanding:DataFolder", true)]
    [InlineData("--url=http://127.0.0.1:9000", true)]
    [InlineData("serve", true)]
    public void Only_settings_pass_as_settings(string token, bool misspelt) => Assert.Equal(misspelt, ServerArguments.Misspelt(token));

    [Theory]
    [InlineData("demo --urls=http://127.0.0.1:9000", null)]
    [InlineData("demo clip.mp4 --urls=http://127.0.0.1:9000", "clip.mp4")]
    [InlineData("demo --urls=http://127.0.0.1:9000 clip.mp4", "clip.mp4")]
    public void A_setting_is_no_argument(string line, string? argument)
    {
        var (parsed, clip) = Parse(line);
        var (named, settings) = parsed.SettingsBeside(clip);
        Assert.Equal(argument, named);
        Assert.Equal(["--urls=http://127.0.0.1:9000"], settings);
    }

    [Theory]
    [InlineData("demo --url=http://127.0.0.1:9000", "--url")]
    [InlineData("demo one.mp4 two.mp4", "two.mp4")]
    public void What_is_neither_is_refused(string line, string named)
    {
        var (parsed, clip) = Parse(line);
        Assert.Contains(named, Assert.Throws<CommandFailure>(() => parsed.SettingsBeside(clip)).Message);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://+:80", "http://127.0.0.1/")]
    [InlineData("https://example.org:8443", "https://example.org:8443/")]
    public void An_address_to_listen_on_becomes_one_to_call(string listening, string called) => Assert.Equal(called, DemoRun.Address(listening).AbsoluteUri);

    private static (ParseResult Parsed, Argument<string?> Clip) Parse(string line)
    {
        var demo = DemoCommand.Create();
        return (new RootCommand { demo }.Parse(line), (Argument<string?>)demo.Arguments[0]);
    }
}
