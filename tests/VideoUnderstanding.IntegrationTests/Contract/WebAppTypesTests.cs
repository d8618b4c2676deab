using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>The web app is compiled with types from the published document, so that a change of the wire breaks its build.</summary>
public sealed class WebAppTypesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Committed = "web/src/lib/wire.d.ts", Made = "artifacts/wire.d.ts";

    [Fact]
    public async Task The_types_of_the_web_app_are_those_of_the_published_document()
    {
        var made = ProjectFolder.File(Made);
        Directory.CreateDirectory(Path.GetDirectoryName(made)!);

        await ToolProcess.RunAsync(ProjectFolder.File("web/types.sh"), [new Uri(server.Address, "openapi/v1.1.json").AbsoluteUri, made],
            new ToolLimits { Time = TimeSpan.FromMinutes(3) }, CancellationToken.None);

        Assert.True(await File.ReadAllTextAsync(ProjectFolder.File(Committed)) == await File.ReadAllTextAsync(made),
            $"The document has changed. Run: cp {Made} {Committed} && web/build.sh");
    }
}
