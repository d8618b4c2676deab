using System.Text.Json;
using System.Text.Json.Serialization;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Server.Evaluation.Metrics;

namespace VideoUnderstanding.Server.Evaluation.Reports;

/// <summary>All that an evaluation found, profile by profile. docs/quality.md explains the figures.</summary>
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

/// <param name="Videos">That were indexed.</param>
/// <param name="UnaskedQueries">Queries whose every answer is in a video that was left out.</param>
/// <param name="Options">The figures of each option.</param>
/// <param name="Pooling">The figures of each way of pooling; empty when they were not asked for.</param>
public sealed record ProfileReport(
    string Profile, IReadOnlyList<ModelFacts> Models, int Videos, IReadOnlyList<LeftOut> LeftOut, int UnaskedQueries,
    IReadOnlyList<GroupFigures> Options, IReadOnlyList<GroupFigures> Pooling)
{
    /// <summary>Null when every model is a real one.</summary>
    public string? Warning => Models.Where(model => model.StandIn).Select(model => model.Id).ToList() is { Count: > 0 } standIns
        ? $"Stand-in models ({string.Join(", ", standIns)}): these figures show that the plumbing works. They say nothing about how well real models recognise anything."
        : null;
}

/// <param name="Hash">Changes when the name or any file changes.</param>
/// <param name="Files">SHA-256 by path, as the manifest gives them.</param>
public sealed record ModelFacts(ModelRole Role, string Id, string Hash, bool StandIn, IReadOnlyDictionary<string, string> Files);
