using System.Text.Json;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Server;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>Evaluation of generated clips with the tiny models. The expected figures follow from the content of the clips. Three visual
/// queries have the correct place in the ground truth, a fourth has a wrong place, and one names a colour that no clip has.</summary>
public sealed class GeneratedEvaluationTests : IAsyncDisposable
{
    private static readonly string[] Files = [GeneratedClips.Colours, GeneratedClips.Uneven, GeneratedClips.SoundOnly];
    private readonly string _folder = Directory.CreateTempSubdirectory("generated-evaluation-").FullName;

    [Fact]
    public async Task An_evaluation_measures_a_set_and_leaves_no_rows_in_the_database()
    {
        await using var database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await WriteSetAsync();

        var profiles = await EvaluationCall.RunAsync(_folder, Path.Combine(_folder, "figures.json"), "--pooling", "--profile",
            TinyModels.Profile, "--profile", TinyModels.SecondProfile,
            $"--VideoUnderstanding:Models:Manifest={TinyModels.WriteTo(Path.Combine(_folder, "models"))}",
            $"--ConnectionStrings:Database={database.ConnectionString}");

        Assert.Equal([TinyModels.Profile, TinyModels.SecondProfile],
            profiles.Select(profile => profile.GetProperty("profile").GetString()));
        foreach (var profile in profiles)
        {
            Assert.Equal(2, profile.GetProperty("videos").GetInt32());
            Assert.Equal(GeneratedClips.SoundOnly,
                Assert.Single(profile.GetProperty("left_out").EnumerateArray()).GetProperty("file").GetString());
            AssertVisual(profile.Group("visual"));
            AssertText(profile);
            AssertPooling(profile);
        }
        foreach (var table in new[] { "accounts", "videos", "frame_vectors", "text_segments" })
            Assert.Equal(0, await database.CountAsync(table, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_missing_set_and_an_unknown_option_end_with_exit_code_1()
    {
        Assert.Equal(1, await Program.Main(["eval", _folder]));
        Assert.Equal(1, await Program.Main(["eval", _folder, "--qeuries=x"]));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static void AssertVisual(JsonElement visual)
    {
        Assert.Equal((4, 1, 0),
            (visual.GetProperty("queries").GetInt32(), visual.GetProperty("absurd").GetInt32(),
                visual.GetProperty("absurd_with_high").GetInt32()));
        Assert.Equal(0.75, visual.Number("recall_at1"));
        Assert.Equal(0.75, visual.Number("recall_at5"));
        // Three of four are found, each within about one second of its five seconds.
        Assert.InRange(visual.Number("mean_iou"), 0.6, 0.75);
        Assert.Equal(1, visual.Number("right_boundaries"));
        // These models are not calibrated, so they never report "high".
        Assert.Equal(0, visual.GetProperty("levels")[0].GetProperty("answers").GetInt32());
        var medium = visual.GetProperty("levels")[1];
        Assert.Equal((4, 3), (medium.GetProperty("answers").GetInt32(), medium.GetProperty("right").GetInt32()));
    }

    private static void AssertText(JsonElement profile)
    {
        foreach (var (group, queries) in new[] { ("conversation, exact", 4), ("conversation, word by word", 4), ("text_in_video", 3) })
        {
            Assert.Equal(queries, profile.Group(group).GetProperty("queries").GetInt32());
            Assert.Equal(1, profile.Group(group).Number("recall_at1"));
        }
    }

    /// <summary>A clip of ten seconds contains two colours of colours.mp4, or all of uneven.mp4. So one boundary of each query is right,
    /// and the other is wrong by four seconds or more.</summary>
    private static void AssertPooling(JsonElement profile)
    {
        foreach (var way in new[] { "mean of clip", "max frame" })
        {
            Assert.Equal(0.75, profile.Group(way, "pooling").Number("recall_at1"));
            Assert.Equal(0.5, profile.Group(way, "pooling").Number("right_boundaries"));
        }
        // Three queries are right. The fourth is compared with a wrong ground truth.
        Assert.InRange(profile.Group("frame curve", "pooling").Number("right_boundaries"), 0.75, 1);
        Assert.Equal(4, profile.Group("mean of shot", "pooling").GetProperty("queries").GetInt32());
    }

    private async Task WriteSetAsync()
    {
        var facts = await GeneratedClips.WriteToAsync(_folder, TestContext.Current.CancellationToken);
        await EvaluationCall.WriteAsync(Path.Combine(_folder, "ground-truth.json"),
            facts with { Media = [.. facts.Media.Where(clip => Files.Contains(clip.File))] });
        await EvaluationCall.WriteAsync(Path.Combine(_folder, "queries.json"), new
        {
            queries = new[]
            {
                Query("red", Span(GeneratedClips.Colours, 0, 5)), Query("navy", Span(GeneratedClips.Colours, 10, 15)),
                Query("pink", Span(GeneratedClips.Uneven, 4, 9)),
                Query("something yellow", Span(GeneratedClips.Uneven, 0, 4)), Query("snowy"),
            },
        });
    }

    private static object Query(string text, params object[] right) => new { query = text, option = "visual", right };

    private static object Span(string video, double start, double end) => new { video, start, end };
}
