using System.Text.Json;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>The model of one role in one profile, as the manifest describes it.</summary>
/// <param name="Id">Name for people and for the folder on disk.</param>
/// <param name="Folder">Where the files are found instead of the models folder: may name environment variables as ${NAME}. Null: the models
/// folder.</param>
/// <param name="Dimensions">Length of its vectors; null for roles that give none.</param>
/// <param name="Tokenizer">Kind of tokenizer; null for roles that read no text.</param>
/// <param name="Settings">Numbers of the role that no file beside the weights gives; an object, empty when there are none.</param>
/// <param name="Scores">Map from cosine to score; null for roles that give no vectors.</param>
/// <param name="Note">What a reader should know of it.</param>
public sealed record ManifestModel(
    string Id, string? Folder, int? Dimensions, string? Tokenizer, IReadOnlyList<ManifestFile> Files, JsonElement Settings,
    ScoreCurve? Scores, string? Note)
{
    /// <summary>Cosine, 0 to 1, from which two pictures show the same logo for this visual model; null when it has not been
    /// measured.</summary>
    public double? LogoSimilarity { get; init; }
}

/// <summary>A set of models that are used together.</summary>
/// <param name="Note">What the models know and what they do not; null when the manifest does not say.</param>
public sealed record ManifestProfile(string Name, string? Note, IReadOnlyDictionary<ModelRole, ManifestModel> Models)
{
    /// <summary>The profile <c>auto</c> prefers higher ranks; null: <c>auto</c> uses this profile only if it made the vectors in the
    /// database.</summary>
    public int? Rank { get; init; }

    /// <summary>Too slow on a CPU: <c>auto</c> uses it for new indexes only if a GPU is available, and it is never downloaded
    /// unasked.</summary>
    public bool NeedsGpu { get; init; }

    /// <summary>The name, and the note if there is one.</summary>
    public string Summary => Note is null ? Name : $"{Name}. {Note}";
}
