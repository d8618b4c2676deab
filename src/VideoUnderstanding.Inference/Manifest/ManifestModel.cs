using System.Text.Json;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>The model of one role in one profile, as the manifest describes it.</summary>
/// <param name="Id">Name for people and for the folder on disk.</param>
/// <param name="Folder">Where the files are found instead of the models folder: may name environment variables as ${NAME}. Null: the models folder.</param>
/// <param name="Dimensions">Length of its vectors; null for roles that give none.</param>
/// <param name="Tokenizer">Kind of tokenizer; null for roles that read no text.</param>
/// <param name="Settings">Numbers of the role that no file beside the weights gives; an object, empty when there are none.</param>
/// <param name="Scores">Map from cosine to score; null for roles that give no vectors.</param>
/// <param name="Note">What a reader should know of it.</param>
public sealed record ManifestModel(
    string Id, string? Folder, int? Dimensions, string? Tokenizer, IReadOnlyList<ManifestFile> Files, JsonElement Settings, ScoreCurve? Scores, string? Note)
{
    /// <summary>A small model with the interface of a real one: what it finds shows that the plumbing works, and nothing about quality.</summary>
    public bool IsStandIn { get; init; }
}

/// <summary>A set of models that are used together.</summary>
public sealed record ManifestProfile(string Name, string? Note, IReadOnlyDictionary<ModelRole, ManifestModel> Models);
