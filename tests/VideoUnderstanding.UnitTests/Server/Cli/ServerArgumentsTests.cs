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
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://+:80", "http://127.0.0.1/")]
    [InlineData("https://example.org:8443", "https://example.org:8443/")]
    public void An_address_to_listen_on_becomes_one_to_call(string listening, string called) => Assert.Equal(called, DemoRun.Address(listening).AbsoluteUri);
}
