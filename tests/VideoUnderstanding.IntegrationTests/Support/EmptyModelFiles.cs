using System.Text.Json;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>A manifest with empty model files, for tests that run no model.</summary>
internal static class EmptyModelFiles
{
    public const int Dimensions = 4;

    /// <summary>SHA-256 of an empty file.</summary>
    private const string EmptyFileHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <param name="folder">Folder for the manifest and the files.</param>
    /// <param name="missing">Role whose file is not written.</param>
    /// <returns>Settings that select the manifest.</returns>
    public static IReadOnlyDictionary<string, string?> Write(string folder, ModelRole? missing = null)
    {
        var roles = Enum.GetValues<ModelRole>().ToDictionary(NameOf, role => (object)new
        {
            id = NameOf(role),
            dimensions = role is ModelRole.VisualText or ModelRole.TextEmbedding ? Dimensions : (int?)null,
            tokenizer = role is ModelRole.VisualText ? "clip_bpe" : role is ModelRole.TextEmbedding ? "wordpiece" : null,
            files = new[] { new { path = "model.onnx", sha256 = EmptyFileHash, licence = "none" } },
            scores = role is ModelRole.VisualText or ModelRole.TextEmbedding ? new { points = new double[][] { [0, 0], [1, 100] } } : null,
        });
        foreach (var role in Enum.GetValues<ModelRole>().Where(role => role != missing))
        {
            Directory.CreateDirectory(Path.Combine(folder, NameOf(role)));
            File.WriteAllBytes(Path.Combine(folder, NameOf(role), "model.onnx"), []);
        }
        var manifest = Path.Combine(folder, "manifest.json");
        var options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        };
        File.WriteAllText(manifest, JsonSerializer.Serialize(new { profiles = new { empty = new { roles } } }, options));
        return new Dictionary<string, string?>
        {
            ["VideoUnderstanding:Models:Manifest"] = manifest,
            ["VideoUnderstanding:Models:Folder"] = folder,
            ["VideoUnderstanding:Models:Profile"] = "empty",
        };
    }

    private static string NameOf(ModelRole role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());
}
