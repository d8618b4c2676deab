using System.Text.Json;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>The model of one role in one profile, as the manifest describes it.</summary>
/// <param name="Id">Name of the model and of its folder.</param>
/// <param name="Folder">Folder of the files instead of the models folder, with variables as ${NAME}. Null: the models folder.</param>
/// <param name="Dimensions">Length of its vectors; null for roles without vectors.</param>
/// <param name="Tokenizer">Kind of tokenizer; null for roles that read no text.</param>
/// <param name="Settings">Values that no file beside the weights contains; an object, possibly empty.</param>
/// <param name="Scores">Map from cosine to score; null for roles without vectors.</param>
/// <param name="Note">A remark for readers.</param>
public sealed record ManifestModel(
    string Id, string? Folder, int? Dimensions, string? Tokenizer, IReadOnlyList<ManifestFile> Files, JsonElement Settings,
    ScoreCurve? Scores, string? Note)
{
    /// <summary>Minimum cosine, 0 to 1, of two pictures of the same logo; null if it was not measured.</summary>
    public double? LogoSimilarity { get; init; }

    /// <summary>Map from the cosine of two pictures to score, for searches by a picture without a calibration; null if it was not
    /// measured.</summary>
    public ScoreCurve? PictureScores { get; init; }
}

/// <summary>A set of models that are used together.</summary>
/// <param name="Note">Abilities and limits of the models; null if the manifest has none.</param>
public sealed record ManifestProfile(string Name, string? Note, IReadOnlyDictionary<ModelRole, ManifestModel> Models)
{
    /// <summary>The profile <c>auto</c> prefers higher ranks; null: <c>auto</c> uses this profile only if it made the vectors in the
    /// database.</summary>
    public int? Rank { get; init; }

    /// <summary>Too slow on a CPU: <c>auto</c> uses it for new indexes only with a GPU, and never downloads it by itself.</summary>
    public bool NeedsGpu { get; init; }

    /// <summary>The name, and the note if there is one.</summary>
    public string Summary => Note is null ? Name : $"{Name}. {Note}";
}

/// <summary>One file of a model, as the manifest lists it.</summary>
/// <param name="Path">Path in the model's folder, with forward slashes.</param>
/// <param name="Address">Download address; null for files that are only found or imported.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits; empty if unknown, then the hash of the first download is recorded and
/// trusted.</param>
/// <param name="Size">Bytes; null if unknown.</param>
/// <param name="Licence">Licence of the file.</param>
/// <param name="Optional">The model works without it; for exports that may keep weights in a second file.</param>
public sealed record ManifestFile(string Path, Uri? Address, string Sha256, long? Size, string Licence, bool Optional);
