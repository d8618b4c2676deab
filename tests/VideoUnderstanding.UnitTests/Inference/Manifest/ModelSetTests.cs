using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.UnitTests.Inference.Manifest;

public sealed class ModelSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("models-").FullName;

    [Fact]
    public void The_message_for_a_missing_file_contains_its_folder_and_the_command()
    {
        Write("m/config.json");
        using var models = Models(File("config.json"), File("onnx/vision_model.onnx"));

        Assert.Equal(
            $"The visual-text model m is not installed: onnx/vision_model.onnx is missing from {_folder}/m. Run `./vu models fetch "
                + $"--profile own` or `./vu models import --profile own DIR`.",
            models.WhyUnavailable(ModelRole.VisualText));
    }

    [Fact]
    public void Optional_files_may_be_missing()
    {
        Write("m/a.onnx");
        using var models = Models(File("a.onnx"), File("a.onnx_data") with { Optional = true });

        Assert.Null(models.WhyUnavailable(ModelRole.VisualText));
    }

    [Fact]
    public void Using_a_missing_model_fails_with_the_same_message()
    {
        using var models = Models(File("a.onnx"));

        Assert.Equal(models.WhyUnavailable(ModelRole.VisualText), Assert.Throws<ModelUnavailableException>(() => models.Visual).Message);
    }

    [Fact]
    public void A_role_outside_the_profile_is_reported()
    {
        using var models = Models();

        Assert.Null(models.Dimensions(ModelRole.TextEmbedding));
        Assert.StartsWith("The profile own has no text embedding model.", models.WhyUnavailable(ModelRole.TextEmbedding));
    }

    [Fact]
    public async Task Checking_a_missing_model_returns_the_message()
    {
        using var models = Models(File("a.onnx"));

        var result = await new ModelCheck(models, Sessions(), TimeProvider.System).CheckAsync(ModelRole.VisualText, default);

        Assert.Equal(models.WhyUnavailable(ModelRole.VisualText), result.Failure);
        Assert.Null(result.VectorLength);
    }

    [Fact]
    public async Task Checking_a_broken_file_reports_that_it_does_not_load()
    {
        Write("m/onnx/vision_model.onnx");
        Write("m/preprocessor_config.json", """{ "size": 4, "crop_size": 4, "image_mean": [0,0,0], "image_std": [1,1,1] }""");
        using var models = Models(File("onnx/vision_model.onnx"), File("preprocessor_config.json"));

        var result = await new ModelCheck(models, Sessions(), TimeProvider.System).CheckAsync(ModelRole.VisualText, default);

        Assert.StartsWith($"The model file {_folder}/m/onnx/vision_model.onnx does not load:", result.Failure);
    }

    [Theory]
    [InlineData("vocab.txt", "", "damaged")]
    [InlineData("vocab.txt", "just\nwords", "damaged")]
    [InlineData("config.json", "{ \"max_position_embeddings\": 512, ", "config.json")]
    [InlineData("config.json", "{ \"max_position_embeddings\": \"many\" }", "max_position_embeddings")]
    [InlineData("onnx/model.onnx", "no weights", "onnx/model.onnx does not load")]
    public void Any_damaged_file_makes_the_model_unavailable_with_a_message(string damaged, string content, string expected)
    {
        Write("m/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
        Write("m/config.json", "{ \"max_position_embeddings\": 512 }");
        Write("m/onnx/model.onnx");
        Write("m/" + damaged, content);
        var model = new ManifestModel("m", null, 8, "wordpiece", [File("vocab.txt"), File("config.json"), File("onnx/model.onnx")],
            JsonElement.Parse("{}"), null, null);
        var profile = new ManifestProfile("own", null, new Dictionary<ModelRole, ManifestModel> { [ModelRole.TextEmbedding] = model });
        using var models = new ModelSet(profile, new ModelFolders(_folder, _folder, _ => null), Sessions(),
            Options.Create(new ModelOptions { Device = ModelDevice.Cpu }));

        Assert.Contains(expected, Assert.Throws<ModelUnavailableException>(() => models.Text).Message, StringComparison.Ordinal);
        // The second attempt must not find a half-loaded model.
        Assert.Throws<ModelUnavailableException>(() => models.Text);
    }

    [Fact]
    public void A_file_with_an_unknown_hash_is_not_loaded()
    {
        Write("m/onnx/vision_model.onnx");
        using var models = Models(new ManifestFile("onnx/vision_model.onnx", null, "", null, "MIT", false));

        var message = Assert.Throws<ModelUnavailableException>(() => models.Visual).Message;
        Assert.Contains("the manifest gives no hash for it", message, StringComparison.Ordinal);
        Assert.Contains("./vu models trust", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_file_is_not_loaded()
    {
        Write("m/onnx/vision_model.onnx", "now");
        using var models = Models(new ManifestFile("onnx/vision_model.onnx", null, Sha256("before"), null, "MIT", false));

        Assert.Contains($"expected {Sha256("before")}", Assert.Throws<ModelUnavailableException>(() => models.Visual).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_outside_the_manifest_prevents_loading()
    {
        Write("m/onnx/vision_model.onnx");
        Write("m/onnx/vision_model.onnx_data", "weights from elsewhere");
        using var models = Models(File("onnx/vision_model.onnx"));

        Assert.Contains("does not list", Assert.Throws<ModelUnavailableException>(() => models.Visual).Message, StringComparison.Ordinal);
    }

    /// <summary>Uses the hash of the written file, or none if there is no file.</summary>
    private ManifestFile File(string path)
    {
        var written = Path.Combine(_folder, "m", path);
        return new(path, new Uri("https://example.org/" + path),
            System.IO.File.Exists(written) ? Sha256(System.IO.File.ReadAllText(written)) : "", null, "MIT", false);
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private void Write(string path, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
        System.IO.File.WriteAllText(Path.Combine(_folder, path), text);
    }

    private ModelSet Models(params ManifestFile[] files)
    {
        var model = new ManifestModel("m", null, 8, "clip_bpe", files, JsonElement.Parse("{}"), null, null);
        var profile = new ManifestProfile("own", null, new Dictionary<ModelRole, ManifestModel> { [ModelRole.VisualText] = model });
        return new ModelSet(profile, new ModelFolders(_folder, _folder, _ => null), Sessions(),
            Options.Create(new ModelOptions { Device = ModelDevice.Cpu }));
    }

    private static OnnxSessions Sessions()
        => new(Options.Create(new ModelOptions { Device = ModelDevice.Cpu }), NullLogger<OnnxSessions>.Instance);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
