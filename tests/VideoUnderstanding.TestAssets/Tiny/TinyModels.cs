using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A complete set of models. Those for pictures and sentences are generated: they have the real interfaces, a size of a few
/// kilobytes, and meaningful results for colours and a few words. Speech uses the committed weights. Screen text needs no files, because
/// Tesseract is installed.</summary>
public static class TinyModels
{
    public const string Profile = "tiny";

    /// <summary>The same models under another name.</summary>
    public const string SecondProfile = "tiny-second";

    /// <summary>Like <see cref="Profile"/>, but with other models with longer vectors, and a higher rank.</summary>
    public const string WideProfile = "tiny-wide";

    /// <summary>Like <see cref="WideProfile"/>, but the speech model has another name and the same weights.</summary>
    public const string VoiceProfile = "tiny-voice";

    // Right answers have cosines near 1, wrong ones near 0, so only the values between matter.
    private static readonly object Scores = new { points = new double[][] { [0, 0], [0.3, 40], [0.6, 75], [1, 95] } };

    /// <summary>Writes the models and the manifest that lists them.</summary>
    /// <returns>Path of the manifest.</returns>
    public static string WriteTo(string folder)
    {
        new TinyVisualModel(TinyVisualModel.Dimensions).WriteTo(CreateFolder(folder, "tiny-clip"));
        new TinyVisualModel(TinyVisualModel.WideDimensions).WriteTo(CreateFolder(folder, "wide-clip"));
        new TinySentenceModel(TinySentenceModel.Dimensions).WriteTo(CreateFolder(folder, "tiny-sentences"));
        new TinySentenceModel(TinySentenceModel.WideDimensions).WriteTo(CreateFolder(folder, "wide-sentences"));
        var manifest = Path.Combine(folder, "manifest.json");
        var profiles = new Dictionary<string, object>
        {
            [Profile] = new { rank = 1, roles = Roles(folder) },
            [SecondProfile] = new { roles = Roles(folder) },
            [WideProfile] = new { rank = 2, roles = WideRoles(folder) },
            [VoiceProfile] = new { roles = VoiceRoles(folder) },
        };
        File.WriteAllText(manifest, JsonSerializer.Serialize(new { profiles }));
        return manifest;
    }

    private static Dictionary<string, object> Roles(string folder) => new()
    {
        ["visual_text"] = Vectors(folder, "tiny-clip", TinyVisualModel.Dimensions, "clip_bpe", new { }),
        ["text_embedding"] = Vectors(folder, "tiny-sentences", TinySentenceModel.Dimensions, "wordpiece", new { pooling = "mean" }),
        ["speech"] = Speech(),
        ["voice_activity"] = Starter("voice_activity"),
        ["screen_text"] = new { id = "tesseract-eng", files = Array.Empty<object>(), settings = new { languages = "eng" } },
    };

    private static Dictionary<string, object> WideRoles(string folder) => new(Roles(folder))
    {
        ["visual_text"] = Vectors(folder, "wide-clip", TinyVisualModel.WideDimensions, "clip_bpe", new { }),
        ["text_embedding"] = Vectors(
            folder, "wide-sentences", TinySentenceModel.WideDimensions, "wordpiece", new { pooling = "mean" }),
    };

    private static Dictionary<string, object> VoiceRoles(string folder)
    {
        var speech = Speech();
        speech["id"] = "other-speech";
        return new(WideRoles(folder)) { ["speech"] = speech };
    }

    /// <summary>The fast weights are left out, because their conversion takes longer than they save with short clips.</summary>
    private static JsonNode Speech()
    {
        var speech = Starter("speech");
        speech["settings"]!["fast_weights"] = false;
        return speech;
    }

    /// <summary>A role of the starter profile, with the committed files.</summary>
    private static JsonNode Starter(string role)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(ProjectFolder.File("models/manifest.json")))!;
        var model = manifest["profiles"]!["starter"]!["roles"]![role]!.DeepClone();
        model["folder"] = model["folder"]!.GetValue<string>()
            .Replace("${MANIFEST_FOLDER}", ProjectFolder.File("models"), StringComparison.Ordinal);
        return model;
    }

    private static object Vectors(string folder, string model, int dimensions, string tokenizer, object settings)
        => new { id = model, folder = FolderOf(model), dimensions, tokenizer, files = Files(folder, model), settings, scores = Scores };

    private static string FolderOf(string model) => "${MANIFEST_FOLDER}/" + model;

    private static string CreateFolder(string folder, string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

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
