using System.Security.Cryptography;
using System.Text.Json;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A complete set of models, made by code: real interfaces, a few kilobytes, and answers that make sense for colours, tones and a handful of words.
/// Screen text needs no files: Tesseract is installed.</summary>
public static class TinyModels
{
    public const string Profile = "tiny";

    /// <summary>The same models, with the speech decoder as a pair of files instead of one.</summary>
    public const string PairProfile = "tiny-pair";

    private const string Merged = "decoder_model_merged.onnx";

    // Right answers have cosines near 1, wrong ones near 0: only the middle has to be told apart.
    private static readonly object Scores = new { points = new double[][] { [0, 0], [0.3, 40], [0.6, 75], [1, 95] } };

    /// <summary>Writes the models and the manifest that lists them.</summary>
    /// <returns>Path of the manifest.</returns>
    public static string WriteTo(string folder)
    {
        TinyVisualModel.WriteTo(Made(folder, "tiny-clip"));
        TinySentenceModel.WriteTo(Made(folder, "tiny-sentences"));
        TinySpeechModel.WriteTo(Made(folder, "tiny-whisper"));
        TinyVoiceModel.WriteTo(Made(folder, "tiny-voice"));
        var manifest = Path.Combine(folder, "manifest.json");
        var profiles = new Dictionary<string, object>
        {
            [Profile] = new { roles = Roles(folder, file => true) },
            [PairProfile] = new { roles = Roles(folder, file => !file.EndsWith(Merged, StringComparison.Ordinal)) },
        };
        File.WriteAllText(manifest, JsonSerializer.Serialize(new { profiles }));
        return manifest;
    }

    private static Dictionary<string, object> Roles(string folder, Func<string, bool> isListed) => new()
    {
        ["visual_text"] = Vectors(folder, "tiny-clip", TinyVisualModel.Dimensions, "clip_bpe", new { }, isListed),
        ["text_embedding"] = Vectors(folder, "tiny-sentences", TinySentenceModel.Dimensions, "wordpiece", new { pooling = "mean" }, isListed),
        ["speech"] = new { id = "tiny-whisper", folder = Place("tiny-whisper"), tokenizer = "whisper", files = Files(folder, "tiny-whisper", isListed) },
        ["voice_activity"] = new { id = "tiny-voice", folder = Place("tiny-voice"), files = Files(folder, "tiny-voice", isListed), settings = TinyVoiceModel.Settings },
        ["screen_text"] = new { id = "tesseract-eng", files = Array.Empty<object>(), settings = new { languages = "eng" } },
    };

    private static object Vectors(string folder, string model, int dimensions, string tokenizer, object settings, Func<string, bool> isListed)
        => new { id = model, folder = Place(model), dimensions, tokenizer, files = Files(folder, model, isListed), settings, scores = Scores };

    private static string Place(string model) => "${MANIFEST_FOLDER}/" + model;

    private static string Made(string folder, string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    private static List<object> Files(string folder, string model, Func<string, bool> isListed)
    {
        var root = Path.Combine(folder, model);
        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(isListed).Order(StringComparer.Ordinal).Select(file => new
        {
            path = Path.GetRelativePath(root, file),
            sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))),
            size = new FileInfo(file).Length,
            licence = "made by this project's tests",
        })];
    }
}
