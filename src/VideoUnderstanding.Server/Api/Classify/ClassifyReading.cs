using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>The members that both requests share, as written. Everything here throws an <see cref="ApiException"/> that says what is
/// wrong.</summary>
internal sealed record ClassifyWords(
    IReadOnlyList<string> Options,
    IReadOnlyList<ClassifyLabelDto>? Labels,
    IReadOnlyList<ClassifyLabelDto>? Classes,
    string? ConversationOption,
    JsonElement? Threshold,
    JsonElement? IncludeClips,
    bool? ShowDetailedScore,
    int? PageLimit)
{
    private const int MostPrompts = 100;
    private const int LongestName = 200;

    /// <summary>What the request calls its labels.</summary>
    private string Name => Labels is null ? "classes" : "labels";

    public ClassifyOrder Order(string? indexId, IReadOnlyList<string>? videoIds)
    {
        if (Labels is not null && Classes is not null)
            throw SearchReading.Invalid("classes", "labels and classes are two names of one parameter; give one of them.");
        var limit = PageLimits.Of(PageLimit);
        return new ClassifyOrder(
            indexId, videoIds, LabelQueries(), ClassifyReading.Bounds(Threshold), ClassifyReading.Flag("include_clips", IncludeClips),
            // The later versions that speak of classes also tell a score of each.
            new ClassificationView(Classes is not null, Classes is not null || ShowDetailedScore == true), limit);
    }

    private IReadOnlyList<LabelQuery> LabelQueries()
    {
        var written = (Labels ?? Classes)!;
        if (written.Count == 0 || written.Any(label => label is null))
            throw SearchReading.Invalid(Name, "It must be a list of one or more objects with name and prompts.");
        var prompts = written.Sum(label => label.Prompts?.Count ?? 0);
        if (prompts > MostPrompts)
            throw new ApiException(ApiError.ClassifyPromptsLimit(prompts, MostPrompts));
        var options = SearchReading.Options("options", Options);
        var way = SearchReading.Conversation("conversation_option", ConversationOption);
        LabelQuery[] labels = [.. written.Select((label, i) => Label(label, $"{Name}[{i}]", options, way))];
        if (way == ConversationMatching.ExactMatch && !labels.Any(label => label.Options.Contains(IndexOptions.Conversation)))
            throw new ApiException(ApiError.ClassifyOptionCombination("conversation_option", options));
        return labels;
    }

    private static LabelQuery Label(ClassifyLabelDto label, string path, IReadOnlyList<string> options, ConversationMatching way)
    {
        SearchReading.Require(($"{path}.name", label.Name), ($"{path}.prompts", label.Prompts));
        if (string.IsNullOrWhiteSpace(label.Name) || label.Name.Length > LongestName)
            throw SearchReading.Invalid($"{path}.name", $"It must have 1 to {LongestName} characters.");
        if (label.Prompts!.Count == 0)
            throw SearchReading.Invalid($"{path}.prompts", "It must be a list of one or more texts.");
        if (label.Prompts.Any(prompt => string.IsNullOrWhiteSpace(prompt) || prompt.Length > TextQuery.MaxLength))
            throw SearchReading.Invalid($"{path}.prompts", $"Each must be a text of 1 to {TextQuery.MaxLength} characters.");
        var own = label.Options is null ? options : SearchReading.Options($"{path}.options", label.Options);
        var ownWay = label.ConversationOption is null ? way
            : SearchReading.Conversation($"{path}.conversation_option", label.ConversationOption);
        if (label.ConversationOption is not null && ownWay == ConversationMatching.ExactMatch && !own.Contains(IndexOptions.Conversation))
            throw new ApiException(ApiError.ClassifyOptionCombination($"{path}.conversation_option", own));
        return new LabelQuery(label.Name, label.Prompts, own, ownWay);
    }
}

/// <summary>The parts of requests, read from their wire form.</summary>
internal static class ClassifyReading
{
    /// <summary>Videos that one request may name.</summary>
    private const int MostIds = 1_000;

    public static IReadOnlyList<string> Ids(string parameter, IReadOnlyList<string> ids)
        => ids.Count is > 0 and <= MostIds ? [.. ids.Select(id => Identifier.Require(parameter, id)).Distinct()]
            : throw SearchReading.Invalid(parameter, $"It must be a list of 1 to {MostIds} identifiers.");

    /// <summary>True or false, also as texts.</summary>
    public static bool Flag(string parameter, JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out var flag) => flag,
        _ => throw SearchReading.Invalid(parameter, "It must be true or false."),
    };

    /// <summary>A level, or the object form of 1.1.2.</summary>
    public static ClassificationBounds Bounds(JsonElement? threshold) => threshold switch
    {
        null => new ClassificationBounds(MatchLevels.Low),
        { ValueKind: JsonValueKind.String } word => new ClassificationBounds(SearchReading.OneOf("threshold", word.GetString(), 0.0,
            ("high", MatchLevels.High), ("medium", MatchLevels.Medium), ("low", MatchLevels.Low), ("none", 0.0))),
        { ValueKind: JsonValueKind.Object } bounds => ObjectBounds(bounds),
        _ => throw SearchReading.Invalid("threshold", "It must be one of the following: high, medium, low, none."),
    };

    private static ClassificationBounds ObjectBounds(JsonElement bounds)
    {
        var read = new ClassificationBounds(MatchLevels.Low);
        foreach (var bound in bounds.EnumerateObject().Where(bound => bound.Value.ValueKind != JsonValueKind.Null))
        {
            read = bound.Name switch
            {
                "min_clip_score" => read with { Fragment = Number(bound, 100) },
                "min_video_score" => read with { Label = Number(bound, 100) },
                "min_duration_ratio" => read with { Share = Number(bound, 1) },
                _ => throw new ApiException(
                    ApiError.Unknown($"threshold.{bound.Name}", ["min_clip_score", "min_video_score", "min_duration_ratio"])),
            };
        }
        return read;
    }

    private static double Number(JsonProperty bound, double most)
        => bound.Value.ValueKind == JsonValueKind.Number && bound.Value.TryGetDouble(out var number) && number >= 0 && number <= most
            ? number
            : throw SearchReading.Invalid($"threshold.{bound.Name}", $"It must be a number from 0 to {most}.");
}
