using System.Text.Json;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Operations.Evaluation.Sets;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>Evaluation of a few real clips with the committed models.</summary>
[Trait("Needs", "Assets")]
public sealed class EvaluationTests
{
    private static readonly string[] Few = ["dog-park.mp4", "bottles-vfr.mp4", "jfk-inaugural.mp4", "jfk-audio-only.m4a"];

    [Fact]
    public async Task The_queries_of_the_open_set_match_its_ground_truth()
    {
        var set = await EvaluationSet.ReadAsync(AssetsFolder.File("media"),
            [ProjectFolder.File("benchmarks/quality/open-set-queries.json")], TestContext.Current.CancellationToken);

        var visual = set.Queries.Where(query => query.Option == "visual").ToList();
        Assert.True(visual.Count >= 40);
        Assert.True(visual.Count(query => query.IsAbsurd) >= 10);
        Assert.Equal(GroundTruth.Load().Media.Count, set.Videos.Count);
        Assert.All(set.Videos.Where(video => video.Seen.Count > 0),
            video
                => Assert.Contains(visual, query => query.Right.Any(span => span.File == video.File) || video.File == "jfk-inaugural.mp4"));
    }

    [Fact]
    public async Task A_few_clips_are_measured_with_the_committed_models()
    {
        AssetsFolder.Require();
        var folder = Directory.CreateTempSubdirectory("open-evaluation-").FullName;
        await using var database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);
        try
        {
            await WriteSetAsync(folder);
            var profile = Assert.Single(await EvaluationCall.RunAsync(
                folder, Path.Combine(folder, "figures.json"), "--profile", "starter",
                $"--ConnectionStrings:Database={database.ConnectionString}"));

            Assert.Equal(3, profile.GetProperty("videos").GetInt32());
            Assert.Contains(profile.GetProperty("models").EnumerateArray(),
                model => model.GetProperty("id").GetString() == "starter-picture");
            Assert.Equal(["best frame", "best frame, normalised"],
                profile.GetProperty("frames").EnumerateArray().Select(line => line.GetProperty("name").GetString()));
            Assert.Equal(1, profile.Group("visual").Number("recall_at1"));
            Assert.Equal(1, profile.Group("conversation, exact").Number("recall_at1"));
            Assert.Equal(1, profile.Group("text_in_video").Number("recall_at1"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WriteSetAsync(string folder)
    {
        foreach (var file in Few)
            File.Copy(AssetsFolder.File($"media/{file}"), Path.Combine(folder, file));
        var facts = GroundTruth.Load();
        await EvaluationCall.WriteAsync(Path.Combine(folder, "ground-truth.json"),
            facts with { Media = [.. facts.Media.Where(clip => Few.Contains(clip.File))] });
        await EvaluationCall.WriteAsync(Path.Combine(folder, "queries.json"), new
        {
            queries = new[] { Query("a bottle", "bottles-vfr.mp4", 29.8), Query("plastic water bottle", "bottles-vfr.mp4", 29.8) },
        });
    }

    private static object Query(string text, string video, double end)
        => new { query = text, option = "visual", right = new[] { new { video, start = 0, end } } };
}
