using System.Text.Json;
using System.Text.Json.Serialization;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Operations.Evaluation.Metrics;

namespace VideoUnderstanding.Operations.Evaluation.Reports;

/// <summary>The results of an evaluation by profile. docs/quality.md explains the figures.</summary>
/// <param name="Set">Name of the set's folder.</param>
public sealed record EvaluationReport(string Set, IReadOnlyList<ProfileReport> Profiles)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";
}

/// <param name="Videos">Number of indexed videos.</param>
/// <param name="UnaskedQueries">Number of queries whose right spans are all in omitted videos.</param>
/// <param name="Options">The figures of each option.</param>
/// <param name="Frames">The figures of single frames: by cosine, and normalised by the generic captions. Empty without visual
/// queries.</param>
/// <param name="Pooling">The figures of each pooling method; empty unless requested.</param>
public sealed record ProfileReport(
    string Profile, IReadOnlyList<ModelFacts> Models, int Videos, IReadOnlyList<LeftOut> LeftOut, int UnaskedQueries,
    IReadOnlyList<GroupFigures> Options, IReadOnlyList<GroupFigures> Frames, IReadOnlyList<GroupFigures> Pooling);

/// <param name="Hash">Changes with the name or any file.</param>
/// <param name="Files">SHA-256 by path, as in the manifest.</param>
public sealed record ModelFacts(ModelRole Role, string Id, string Hash, IReadOnlyDictionary<string, string> Files);
