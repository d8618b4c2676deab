using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>The web app is compiled with types from the published document, so an incompatible change of the API breaks its
/// build.</summary>
public sealed class WebAppTypesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Committed = "web/src/lib/wire.d.ts", Generated = "artifacts/wire.d.ts";

    [Fact]
    public async Task The_types_of_the_web_app_are_those_of_the_published_document()
    {
        var generated = ProjectFolder.File(Generated);
        Directory.CreateDirectory(Path.GetDirectoryName(generated)!);

        await ToolProcess.RunAsync(
            ProjectFolder.File("web/types.sh"), [new Uri(server.Address, "openapi/v1.1.json").AbsoluteUri, generated],
            new ToolLimits { Time = TimeSpan.FromMinutes(3) }, CancellationToken.None);

        Assert.True(await File.ReadAllTextAsync(ProjectFolder.File(Committed)) == await File.ReadAllTextAsync(generated),
            $"The document has changed. Run: cp {Generated} {Committed} && web/build.sh");
    }
}
