using System.CommandLine;
using Microsoft.Extensions.Configuration;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Operations.Cli;

public sealed class ServerArgumentsTests
{
    [Theory]
    [InlineData("--VideoUnderstanding:DataFolder=/srv", "--VideoUnderstanding:DataFolder=/srv")]
    [InlineData("--VideoUnderstanding:DataFolder /srv", "--VideoUnderstanding:DataFolder=/srv")]
    [InlineData("--data=/srv/a", "--VideoUnderstanding:DataFolder=/srv/a")]
    [InlineData("--data /srv/a/", "--VideoUnderstanding:DataFolder=/srv/a")]
    [InlineData("--urls=http://127.0.0.1:9000", "--urls=http://127.0.0.1:9000")]
    [InlineData("--urls http://127.0.0.1:9000", "--urls=http://127.0.0.1:9000")]
    [InlineData("--ConnectionStrings:Database=Host=x", "--ConnectionStrings:Database=Host=x")]
    public void Settings_are_taken_from_any_place_of_a_command_line(string setting, string expected)
    {
        foreach (var line in new[] { $"{setting} keys create --name laptop", $"keys {setting} create --name laptop",
            $"keys create --name laptop {setting}" })
        {
            var (settings, rest) = ServerArguments.Split(line.Split(' '));
            Assert.Equal([expected], settings);
            Assert.Equal(["keys", "create", "--name", "laptop"], rest);
        }
    }

    [Theory]
    [InlineData("serve --data")]
    [InlineData("serve --data=")]
    [InlineData("serve --data --offline")]
    [InlineData("serve --VideoUnderstanding:DataFolder")]
    public void A_setting_without_a_value_is_refused(string line)
        => Assert.Contains("needs a value", Assert.Throws<CommandFailure>(() => ServerArguments.Split(line.Split(' '))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Arguments_after_two_dashes_are_not_settings()
        => Assert.Equal(["demo", "--", "--data"], ServerArguments.Split(["demo", "--", "--data"]).Rest);

    [Theory]
    [InlineData("keys revoke --dat=elsewhere")]
    [InlineData("backup --url=http://127.0.0.1:9000")]
    [InlineData("demo --url=http://127.0.0.1:9000")]
    [InlineData("demo one.mp4 two.mp4")]
    [InlineData("serve --dat=elsewhere")]
    public void Unknown_options_are_refused(string line)
    {
        var (settings, rest) = ServerArguments.Split(line.Split(' '));
        Assert.NotEmpty(CommandLine.Create(new Command("serve"), (_, _, _, _) => Task.CompletedTask, settings).Parse([.. rest]).Errors);
    }

    [Theory]
    [InlineData("demo", null)]
    [InlineData("demo clip.mp4 --offline", "clip.mp4")]
    [InlineData("demo --offline clip.mp4", "clip.mp4")]
    public void A_clip_of_the_demonstration_is_an_argument(string line, string? clip)
    {
        var demo = DemoCommand.Create((_, _, _, _) => Task.CompletedTask, []);
        var parsed = new RootCommand { demo }.Parse(line);
        Assert.Empty(parsed.Errors);
        Assert.Equal(clip, parsed.GetValue((Argument<string?>)demo.Arguments[0]));
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://+:80", "http://127.0.0.1/")]
    [InlineData("https://example.org:8443", "https://example.org:8443/")]
    public void An_address_to_listen_on_becomes_one_to_call(string listening, string called)
        => Assert.Equal(called, DemoRun.Address(listening).AbsoluteUri);
}

public sealed class ServerSettingsTests
{
    /// <summary>A backup is written next to its final path and moved there. With a trailing slash it would be written inside the
    /// folder.</summary>
    [Theory]
    [InlineData("/backups/today/", "/backups/today")]
    [InlineData("/backups/../backups/today//", "/backups/today")]
    [InlineData("/", "/")]
    public void The_trailing_slash_of_a_folder_is_removed(string written, string read)
    {
        Assert.Equal(read, ServerSettings.UserPath(written));
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("VideoUnderstanding:DataFolder", written)]).Build();
        Assert.Equal(read, settings.DataFolder());
    }
}
