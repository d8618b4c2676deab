using System.Text.Json.Nodes;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary><c>vu index</c> and <c>vu search</c> with the committed models and two scenes of the demonstration.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("command-line-").FullName;

    [Fact]
    public async Task A_folder_is_indexed_once_and_its_moments_are_found()
    {
        var videos = Directory.CreateDirectory(Path.Combine(_folder, "videos")).FullName;
        await DemoClipWriter.WriteAsync([.. DemoScenario.Scenes.Skip(1).Take(2)], Path.Combine(videos, "zoo.mp4"),
            TestContext.Current.CancellationToken);
        var program = new VuProgram(Path.Combine(_folder, "data"), "VideoUnderstanding:Models:Profile=starter");
        await using var server = await program.ServeAsync();
        var key = await program.RunAsync("keys", "create", "--name", "person", "--quiet");
        string[] connection = ["--server", server.Http.BaseAddress!.ToString(), "--key", key];

        var first = await program.RunAsync(["index", videos, .. connection]);
        var again = await program.RunAsync(["index", videos, .. connection]);

        Assert.Contains("zoo.mp4: uploading", first, StringComparison.Ordinal);
        Assert.EndsWith("zoo.mp4: ready", first, StringComparison.Ordinal);
        Assert.Equal("zoo.mp4: is already in the index", again);
        var tiger = await program.RunAsync(["search", "a tiger", "--option", "visual", "--limit", "1", "--json", .. connection]);
        var hit = JsonNode.Parse(tiger)!;
        Assert.Equal("zoo.mp4", (string?)hit["video_name"]);
        Assert.InRange(((double)hit["start"]! + (double)hit["end"]!) / 2, 7, 14);
        var said = await program.RunAsync(["search", "breakfast above the valley", "--index", "videos", .. connection]);
        Assert.Matches(@"^ *\d+\.\d - +\d+\.\d s   score +\d+\.\d   (high|medium|low) +zoo\.mp4  .*breakfast", said);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
