using System.Security.Cryptography;
using System.Text.Json;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A complete set of models, made by code: real interfaces, a few kilobytes, and answers that make sense for colours, tones and a handful of words.
/// Screen text needs no files: Tesseract is installed.</summary>
public static class TinyModels
{
    public const string Profile = "tiny";

    /// <summary>Writes the models and the manifest that lists them.</summary>
    /// <returns>Path of the manifest.</returns>
    public static string WriteTo(string folder)
    {
        TinyVisualModel.WriteTo(Made(folder, "tiny-clip"));
        TinySentenceModel.WriteTo(Made(folder, "tiny-sentences"));
        TinySpeechModel.WriteTo(Made(folder, "tiny-whisper"));
        TinyVoiceModel.WriteTo(Made(folder, "tiny-voice"));
        var manifest = Path.Combine(folder, "manifest.json");
        var roles = new Dictionary<string, object>
        {
            ["visual_text"] = new
            {
                id = "tiny-clip",
                folder = "${MANIFEST_FOLDER}/tiny-clip",
                dimensions = TinyVisualModel.Dimensions,
                tokenizer = "clip",
                files = Files(folder, "tiny-clip"),
                scores = new { points = new double[][] { [0, 0], [0.3, 40], [0.6, 75], [1, 95] } },
            },
            ["text_embedding"] = new
            {
                id = "tiny-sentences",
                folder = "${MANIFEST_FOLDER}/tiny-sentences",
                dimensions = TinySentenceModel.Dimensions,
                tokenizer = "wordpiece",
                files = Files(folder, "tiny-sentences"),
                scores = new { points = new double[][] { [0, 0], [0.3, 40], [0.6, 75], [1, 95] } },
            },
            ["speech"] = new { id = "tiny-whisper", folder = "${MANIFEST_FOLDER}/tiny-whisper", tokenizer = "whisper", files = Files(folder, "tiny-whisper") },
            ["voice_activity"] = new { id = "tiny-voice", folder = "${MANIFEST_FOLDER}/tiny-voice", files = Files(folder, "tiny-voice") },
        };
        File.WriteAllText(manifest, JsonSerializer.Serialize(new { profiles = new Dictionary<string, object> { [Profile] = new { roles } } }));
        return manifest;
    }

    private static string Made(string folder, string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    private static List<object> Files(string folder, string model)
    {
        var root = Path.Combine(folder, model);
        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => new
        {
            path = Path.GetRelativePath(root, file),
            sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))),
            size = new FileInfo(file).Length,
            licence = "made by this project's tests",
        })];
    }
}
