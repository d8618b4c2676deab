using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.UnitTests.Inference.Manifest;

public sealed class ManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("manifest-").FullName;

    [Theory]
    [InlineData("quality", 1152)]
    [InlineData("balanced", 768)]
    [InlineData("starter", 768)]
    public void The_shipped_manifest_has_every_role_in_every_profile(string profile, int dimensions)
    {
        var manifest = ModelManifest.Load(Path.Combine(AppContext.BaseDirectory, "models", "manifest.json"));

        var models = manifest.Profile(profile).Models;
        Assert.Equal(Enum.GetValues<ModelRole>(), models.Keys.Order());
        Assert.Equal(dimensions, models[ModelRole.VisualText].Dimensions);
        Assert.All([ModelRole.VisualText, ModelRole.TextEmbedding], role => Assert.Equal(100, models[role].Scores!.ScoreOf(1)));
    }

    [Fact]
    public void The_summary_of_the_starter_profile_has_its_abilities_and_its_language()
    {
        var summary = ModelManifest.Load(Path.Combine(AppContext.BaseDirectory, "models", "manifest.json")).Profile("starter").Summary;

        Assert.StartsWith("starter. ", summary);
        Assert.All(["a thousand kinds of things", "no proper names", "English queries only"], words => Assert.Contains(words, summary));
    }

    [Fact]
    public void The_shipped_manifest_pins_revision_hash_and_size_of_picture_and_text_files()
    {
        var manifest = ModelManifest.Load(Path.Combine(AppContext.BaseDirectory, "models", "manifest.json"));

        var files = manifest.Ranked()
            .SelectMany(profile => new[] { profile.Models[ModelRole.VisualText], profile.Models[ModelRole.TextEmbedding] })
            .SelectMany(model => model.Files).ToList();
        Assert.All(files, file => Assert.Equal(64, file.Sha256.Length));
        Assert.All(files, file => Assert.True(file.Size > 0));
        Assert.All(files.Where(file => file.Address is not null),
            file => Assert.Matches("/resolve/[0-9a-f]{40}/", file.Address!.AbsolutePath));
        Assert.Equal(["quality", "balanced", "starter"], manifest.Ranked().Select(profile => profile.Name));
        Assert.Equal([true, false, false], manifest.Ranked().Select(profile => profile.NeedsGpu));
    }

    [Fact]
    public void A_complete_model_is_read()
    {
        var model = Load(Model()).Profile("own").Models[ModelRole.VisualText];

        Assert.Equal("m", model.Id);
        Assert.Equal(8, model.Dimensions);
        Assert.Equal(new ManifestFile("onnx/a.onnx", new Uri("https://example.org/a.onnx"), "", 12, "MIT", false),
            Assert.Single(model.Files));
        Assert.Equal(50, model.Scores!.ScoreOf(0.5));
        Assert.Equal(3, model.Settings.GetProperty("batch_size").GetInt32());
    }

    [Theory]
    [InlineData("\"sha256\": \"\"", "\"sha256\": \"ABC\"",
        "$.profiles.own.roles.visual_text.files[0].sha256 must be 64 lower-case hexadecimal digits, or empty when the hash is not known, "
            + "but is \"ABC\".")]
    [InlineData("https://example.org/a.onnx", "http://example.org/a.onnx",
        "$.profiles.own.roles.visual_text.files[0].address must be an https address")]
    [InlineData("onnx/a.onnx", "../a.onnx", "$.profiles.own.roles.visual_text.files[0].path must be a path inside the model's folder")]
    [InlineData("\"dimensions\": 8", "\"dimensions\": \"8\"", "$.profiles.own.roles.visual_text.dimensions must be a whole number above 0")]
    [InlineData("\"dimensions\": 8", "\"dimension\": 8", "$.profiles.own.roles.visual_text.dimension is not known here")]
    [InlineData("\"dimensions\": 8", "\"logo_similarity\": 2",
        "$.profiles.own.roles.visual_text.logo_similarity must be a number between 0 and 1")]
    [InlineData("\"id\": \"m\"", "\"id\": \"a/b\"", "$.profiles.own.roles.visual_text.id must be letters")]
    [InlineData("\"licence\": \"MIT\"", "\"optional\": true", "$.profiles.own.roles.visual_text.files[0] must have a member \"licence\"")]
    [InlineData("[1, 100]", "[0, 100]", "$.profiles.own.roles.visual_text.scores.points must ascend in cosine")]
    [InlineData("[1, 100]", "[1, 101]", "$.profiles.own.roles.visual_text.scores.points[1][1] must be a score, 0 to 100")]
    [InlineData("visual_text", "visual-text",
        "$.profiles.own.roles.visual-text is no role; the roles are visual_text, text_embedding, speech, voice_activity, screen_text")]
    public void The_error_of_an_invalid_value_contains_the_place(string right, string wrong, string sentence)
    {
        var error = Assert.Throws<ManifestException>(() => Load(Model().Replace(right, wrong)));

        Assert.StartsWith(Path.Combine(_folder, "manifest.json") + ": " + sentence, error.Message);
    }

    [Fact]
    public void A_file_that_is_not_JSON_is_reported()
        => Assert.Contains("is not JSON", Assert.Throws<ManifestException>(() => Load("{")).Message);

    [Fact]
    public void The_error_of_an_unknown_profile_lists_the_known_ones() =>
        Assert.Contains("has no profile \"best\"; it has: own.",
            Assert.Throws<ManifestException>(() => Load(Model()).Profile("best")).Message);

    [Fact]
    public void An_invalid_manifest_stops_the_server_with_the_same_message()
    {
        Load(Model());

        var result = new ModelOptionsValidator()
            .Validate(null, new ModelOptions { Manifest = Path.Combine(_folder, "manifest.json"), Profile = "best" });

        Assert.True(result.Failed);
        Assert.Contains("has no profile \"best\"", result.FailureMessage);
        var automatic = new ModelOptionsValidator().Validate(null, new ModelOptions { Manifest = Path.Combine(_folder, "manifest.json") });
        Assert.Contains("gives no profile a rank, so VideoUnderstanding:Models:Profile must name one: own.", automatic.FailureMessage);
    }

    private ModelManifest Load(string json)
    {
        var path = Path.Combine(_folder, "manifest.json");
        File.WriteAllText(path, json);
        return ModelManifest.Load(path);
    }

    private static string Model() => """
        { "profiles": { "own": { "roles": { "visual_text": {
          "id": "m", "dimensions": 8, "tokenizer": "clip_bpe", "settings": { "batch_size": 3 },
          "files": [{ "path": "onnx/a.onnx", "address": "https://example.org/a.onnx", "sha256": "", "size": 12, "licence": "MIT" }],
          "scores": { "points": [[0, 0], [1, 100]] } } } } } }
        """;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
