using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Server;
using VideoUnderstanding.Operations.Evaluation.Sets;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>Calibration of the committed picture model on a few real clips.</summary>
[Trait("Needs", "Assets")]
public sealed class CalibrationTests : IDisposable
{
    private static readonly string[] Files =
        ["dog-park.mp4", "dog-rotated.mp4", "flower.mp4", "cars-hevc.mkv", "stream-of-water.webm", "his-girl-friday.mp4",
            "jfk-inaugural.mp4"];

    private readonly string _folder = Directory.CreateTempSubdirectory("open-calibration-").FullName;

    [Fact]
    public async Task A_calibration_is_written_beside_the_manifest_fits_the_model_and_is_repeatable()
    {
        AssetsFolder.Require();
        await WriteSetAsync();
        var manifest = Path.Combine(_folder, "manifest.json");
        File.Copy(ProjectFolder.File("models/manifest.json"), manifest);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "starter"), ProjectFolder.File("models/starter"));
        await using var database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);
        var path = CalibrationFile.PathFor(manifest, "starter-picture");

        Assert.Equal(0, await CalibrateAsync(manifest, database));
        var first = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(0, await CalibrateAsync(manifest, database));

        Assert.Equal(first, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        var written = CalibrationFile.Read(path)!;
        // The model files are those of the shipped calibration, so the hashes are equal.
        Assert.Equal(CalibrationFile.Read(CalibrationFile.PathFor(ProjectFolder.File("models/manifest.json"), "starter-picture"))!.Hash,
            written.Hash);
        var visual = written.Roles[EvidenceRole.Visual];
        Assert.InRange(visual.Right, 10, visual.Pairs - 10);
        var map = visual.ToMap();
        Assert.True(map.ScoreOf(0.9, 20) > map.ScoreOf(-0.1, -2));
        Assert.Equal(0, await database.CountAsync("videos", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pictures_can_be_queries_of_a_calibration_and_of_an_evaluation()
    {
        AssetsFolder.Require();
        await WriteSetAsync();
        await WritePictureQueriesAsync();
        var manifest = Path.Combine(_folder, "manifest.json");
        File.Copy(ProjectFolder.File("models/manifest.json"), manifest);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "starter"), ProjectFolder.File("models/starter"));
        await using var database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await CalibrateAsync(manifest, database, "picture"));

        var role = Assert.Single(CalibrationFile.Read(CalibrationFile.PathFor(manifest, "starter-picture"))!.Roles);
        Assert.Equal((EvidenceRole.Picture, EvidenceKind.Cosine), (role.Key, role.Value.Kind));
        Assert.InRange(role.Value.Right, 10, role.Value.Pairs - 10);
        Assert.True(role.Value.ToMap().ScoreOf(0.99, 0) > role.Value.ToMap().ScoreOf(0.2, 0));
        var profile = Assert.Single(await EvaluationCall.RunAsync(_folder, Path.Combine(_folder, "figures.json"), "--profile", "starter",
            "--option", "picture", $"--VideoUnderstanding:Models:Manifest={manifest}",
            $"--ConnectionStrings:Database={database.ConnectionString}"));
        // A still of one dog clip may be found in the other dog clip.
        Assert.InRange(profile.Group("picture").Number("recall_at1"), 0.7, 1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> CalibrateAsync(string manifest, FreshDatabase database, string option = "visual")
        => Program.Main(["calibrate", _folder, "--profile", "starter", "--option", option, "--write",
            "--VideoUnderstanding:Models:Device=cpu", $"--VideoUnderstanding:Models:Manifest={manifest}",
            $"--ConnectionStrings:Database={database.ConnectionString}"]);

    private async Task WriteSetAsync()
    {
        foreach (var file in Files)
            File.Copy(AssetsFolder.File($"media/{file}"), Path.Combine(_folder, file));
        var facts = GroundTruth.Load();
        await EvaluationCall.WriteAsync(Path.Combine(_folder, "ground-truth.json"),
            facts with { Media = [.. facts.Media.Where(clip => Files.Contains(clip.File))] });
        var all = await EvaluationSet.ReadAsync(
            AssetsFolder.File("media"), [ProjectFolder.File("benchmarks/quality/open-clips-queries.json")],
            TestContext.Current.CancellationToken);
        var queries = all.Queries.Where(query => query.Option == "visual")
            .Select(query => (query.Text, query.IsAbsurd, Right: query.Right.Where(span => Files.Contains(span.File)).ToList()));
        await EvaluationCall.WriteAsync(Path.Combine(_folder, "queries.json"), new
        {
            // Queries whose answers are all in other clips are left out: they have no right answer here, but they are not absurd either.
            queries = queries.Where(query => query.IsAbsurd || query.Right.Count > 0).Select(query => new
            {
                query = query.Text, option = "visual",
                right = query.Right.Select(span => new { video = span.File, start = span.Start, end = span.End }),
            }),
        });
    }

    /// <summary>Writes queries by picture: three stills of each clip, for which the whole clip is right, and photographs of things that no
    /// clip shows.</summary>
    private async Task WritePictureQueriesAsync()
    {
        var queries = new List<object>();
        foreach (var clip in GroundTruth.Load().Media.Where(clip => Files.Contains(clip.File)))
            foreach (var share in (double[])[0.25, 0.5, 0.75])
            {
                var picture = $"{clip.File}-{share * 100:0}.jpg";
                var time = (share * clip.Duration).ToString(System.Globalization.CultureInfo.InvariantCulture);
                await ToolProcess.RunAsync("ffmpeg", ["-v", "error", "-ss", time, "-i", Path.Combine(_folder, clip.File), "-frames:v", "1",
                    Path.Combine(_folder, picture)], new ToolLimits(), TestContext.Current.CancellationToken);
                queries.Add(new
                {
                    picture, option = "picture", right = new[] { new { video = clip.File, start = 0, end = clip.Duration } },
                });
            }
        foreach (var absent in (string[])["elephant", "moon", "hot_dog", "owl"])
        {
            File.Copy(AssetsFolder.File($"images/{absent}.jpg"), Path.Combine(_folder, $"{absent}.jpg"));
            queries.Add(new { picture = $"{absent}.jpg", option = "picture", right = Array.Empty<object>() });
        }
        await EvaluationCall.WriteAsync(Path.Combine(_folder, "queries.json"), new { queries });
    }
}
