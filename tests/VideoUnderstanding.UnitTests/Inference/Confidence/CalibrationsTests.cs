using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Inference.Confidence;

public sealed class CalibrationsTests : IDisposable
{
    private const string Manifest = """
        { "profiles": { "p": { "roles": {
          "text_embedding": { "id": "sentences", "files": [{ "path": "model.onnx", "sha256": "", "licence": "none" }],
            "scores": { "points": [[0, 0], [1, 100]] } } } } } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-calibrations-").FullName;

    public CalibrationsTests()
    {
        File.WriteAllText(ManifestPath, Manifest);
        Directory.CreateDirectory(Path.Combine(_folder, "sentences"));
        File.WriteAllText(Model, "weights");
    }

    private string ManifestPath => Path.Combine(_folder, "manifest.json");

    private string Model => Path.Combine(_folder, "sentences", "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_map_that_was_measured_with_these_files_is_used()
    {
        Write(new RoleCalibration(100, 40, EvidenceKind.NormalizedScore, 0.02, [new(-1, 0), new(4, 83)]));
        var calibrations = Open();

        var map = calibrations.MapOf(EvidenceRole.Speech);

        Assert.Null(calibrations.WhyProvisional(EvidenceRole.Speech));
        Assert.Equal((83, 0.02), (map.ScoreOf(0, 4), map.LeastSpread));
        Assert.Contains("says nothing about screen_text", calibrations.WhyProvisional(EvidenceRole.ScreenText));
        Assert.Equal(ScoreMap.UnmeasuredAtMost, calibrations.MapOf(EvidenceRole.ScreenText).AtMost);
    }

    [Fact]
    public void A_map_of_cosines_is_written_and_read()
    {
        Write(new RoleCalibration(100, 40, EvidenceKind.Cosine, 0.02, [new(0.1, 0), new(0.5, 83)]));

        var map = Open().MapOf(EvidenceRole.Speech);

        Assert.Equal((83, false, true), (map.ScoreOf(0.5, 0), map.NeedsNormalizedScore, map.IsMeasured));
    }

    [Fact]
    public void Upper_levels_by_the_cosine_are_written_and_read()
    {
        Write(new RoleCalibration(100, 40, EvidenceKind.NormalizedScore, 0.02, [new(0, 0), new(2, 40), new(6, 72.99)])
        {
            UpperPoints = [new(0.5, 0), new(0.51, 73), new(0.6, 83)],
        });

        var map = Open().MapOf(EvidenceRole.Speech);

        Assert.True(map.NeedsNormalizedScore);
        Assert.Equal((83, 72.99, 40), (map.ScoreOf(0.6, 0), map.ScoreOf(0.4, 9), map.ScoreOf(0.4, 2)));
    }

    [Theory]
    [InlineData(ModelRole.VisualText)]
    [InlineData(ModelRole.TextEmbedding)]
    public void The_committed_calibrations_belong_to_the_committed_models(ModelRole role)
    {
        var manifest = ModelManifest.Load(Path.Combine(AppContext.BaseDirectory, "models", "manifest.json"));
        var model = new ModelFolders(_folder, Path.GetDirectoryName(manifest.Path)!, _ => null).Resolve(manifest.Profile("starter"), role);

        Assert.Equal(ModelHash.Compute(model), CalibrationFile.Read(CalibrationFile.PathFor(manifest.Path, model.ModelId))?.Hash);
    }

    [Fact]
    public void A_map_of_other_files_is_not_used_and_scores_are_never_high()
    {
        Write(new RoleCalibration(100, 40, EvidenceKind.NormalizedScore, 0.02, [new(-1, 0), new(4, 83)]));
        File.WriteAllText(Model, "other weights");
        var calibrations = Open();

        Assert.Contains("other files", calibrations.WhyProvisional(EvidenceRole.Speech));
        Assert.Equal(ScoreMap.UnmeasuredAtMost, calibrations.MapOf(EvidenceRole.Speech).ScoreOf(1, 100));
    }

    [Fact]
    public void Without_a_file_the_message_names_the_command()
        => Assert.Contains("vu calibrate", Open().WhyProvisional(EvidenceRole.Speech));

    [Fact]
    public void A_second_role_of_the_same_model_and_set_is_added_to_the_file()
    {
        var points = new ScorePoint[] { new(0, 0), new(1.5, 41.25) };
        Write(new RoleCalibration(60, 20, EvidenceKind.NormalizedScore, 0.01, points));
        Write(new RoleCalibration(70, 30, EvidenceKind.NormalizedScore, 0.01, points), EvidenceRole.ScreenText);

        var read = CalibrationFile.Read(CalibrationFile.PathFor(ManifestPath, "sentences"))!;

        Assert.Equal([EvidenceRole.Speech, EvidenceRole.ScreenText], read.Roles.Keys.Order());
        Assert.Equal(points, read.Roles[EvidenceRole.Speech].Points);
        Assert.Equal((60, 20), (read.Roles[EvidenceRole.Speech].Pairs, read.Roles[EvidenceRole.Speech].Right));
    }

    [Theory]
    [InlineData("""{ "model": "sentences" }""", "hash")]
    [InlineData("""{ "model": "sentences", "hash": "1", "set": "s", "roles": { "smell": {} } }""", "smell")]
    [InlineData(
        """{ "model": "sentences", "hash": "1", "set": "s", "roles": { "speech": { "pairs": 1, "right": 1, "least_spread": 0,"""
            + """ "evidence": "cosine", "points": [[1, 50], [0, 60]] } } }""", "ascend")]
    [InlineData(
        """{ "model": "sentences", "hash": "1", "set": "s", "roles": { "speech": { "pairs": 1, "right": 1, "least_spread": 0,"""
            + """ "points": [[0, 50], [1, 60]] } } }""", "evidence")]
    public void The_error_of_an_invalid_file_contains_the_place(string content, string part)
    {
        var path = CalibrationFile.PathFor(ManifestPath, "sentences");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);

        var error = Assert.Throws<ManifestException>(() => Open().MapOf(EvidenceRole.Speech));

        Assert.Contains(part, error.Message);
        Assert.StartsWith(path, error.Message);
    }

    [Fact]
    public void The_doctor_reports_which_scores_are_measured()
    {
        Write(new RoleCalibration(100, 40, EvidenceKind.NormalizedScore, 0.02, [new(-1, 0), new(4, 83)]));

        var findings = Diagnosis.Scores(Models(), Open()).ToDictionary(finding => finding.Subject, finding => finding.Detail);

        // Another check reports roles without a model.
        Assert.Equal(["scores ScreenText", "scores Speech"], findings.Keys.Order());
        Assert.StartsWith("measured", findings["scores Speech"]);
        Assert.StartsWith("provisional, never high", findings["scores ScreenText"]);
    }

    [Fact]
    public void An_existing_calibration_is_ignored_during_a_measurement()
    {
        Write(new RoleCalibration(100, 40, EvidenceKind.NormalizedScore, 0.02, [new(-1, 0), new(4, 83)]));
        var calibrations = Open();

        calibrations.IgnoreExisting(EvidenceRole.Speech, 0.5);

        var map = calibrations.MapOf(EvidenceRole.Speech);
        Assert.Equal(0.5, map.LeastSpread);
        Assert.NotEqual(83, map.ScoreOf(0, 4));
    }

    [Fact]
    public void Pictures_have_a_map_of_their_own_that_is_never_high()
    {
        var usual = Open().MapOf(EvidenceRole.Picture);
        Assert.Equal((0, 40, ScoreMap.UnmeasuredAtMost, false),
            (usual.ScoreOf(0.5, 0), Math.Round(usual.ScoreOf(0.8, 0), 6), usual.ScoreOf(1, 0), usual.NeedsNormalizedScore));

        File.WriteAllText(ManifestPath, Manifest.Replace("\"text_embedding\": {", """
            "visual_text": { "id": "pictures", "files": [], "scores": { "points": [[0, 0], [0.3, 100]] },
              "picture_scores": { "points": [[0.2, 0], [0.6, 90]] } },
            "text_embedding": {
            """, StringComparison.Ordinal));
        var own = Open().MapOf(EvidenceRole.Picture);
        Assert.Equal((45, ScoreMap.UnmeasuredAtMost), (Math.Round(own.ScoreOf(0.4, 0), 6), own.ScoreOf(0.6, 0)));
    }

    private void Write(RoleCalibration map, EvidenceRole role = EvidenceRole.Speech)
        => CalibrationFile.Write(CalibrationFile.PathFor(ManifestPath, "sentences"),
            new ModelCalibration("sentences", ModelHash.Compute(Models().Role(ModelRole.TextEmbedding)!)!, "set",
                new Dictionary<EvidenceRole, RoleCalibration> { [role] = map }));

    private Calibrations Open() => new(ModelManifest.Load(ManifestPath), Models(), NullLogger<Calibrations>.Instance);

    private ModelSet Models() => new(ModelManifest.Load(ManifestPath).Profile("p"), new ModelFolders(_folder, _folder, _ => null),
        new OnnxSessions(Options.Create(new ModelOptions()), NullLogger<OnnxSessions>.Instance), Options.Create(new ModelOptions()));
}
