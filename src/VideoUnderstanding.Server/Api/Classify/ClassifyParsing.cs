using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>The members that both classification requests have, as sent. Each method throws an <see cref="ApiException"/> for an invalid
/// value.</summary>
internal sealed record ClassifyFields(
    IReadOnlyList<string> Options,
    IReadOnlyList<ClassifyLabelDto>? Labels,
    IReadOnlyList<ClassifyLabelDto>? Classes,
    string? ConversationOption,
    JsonElement? Threshold,
    JsonElement? IncludeClips,
    bool? ShowDetailedScore,
    int? PageLimit)
{
    private const int MaxPrompts = 100;
    private const int MaxNameLength = 200;

    /// <summary>The name of the list in the request.</summary>
    private string Name => Labels is null ? "classes" : "labels";

    public ClassifyParameters ToParameters(string? indexId, IReadOnlyList<string>? videoIds)
    {
        if (Labels is not null && Classes is not null)
            throw SearchParsing.Invalid("classes", "labels and classes are two names of one parameter; give one of them.");
        var limit = PageLimits.Validate(PageLimit);
        return new ClassifyParameters(
            indexId, videoIds, LabelQueries(), ClassifyParsing.Bounds(Threshold), ClassifyParsing.Flag("include_clips", IncludeClips),
            // Versions that use the name classes also return a score for each label.
            new ClassificationView(Classes is not null, Classes is not null || ShowDetailedScore == true), limit);
    }

    private IReadOnlyList<LabelQuery> LabelQueries()
    {
        var labelDtos = (Labels ?? Classes)!;
        if (labelDtos.Count == 0 || labelDtos.Any(label => label is null))
            throw SearchParsing.Invalid(Name, "It must be a list of one or more objects with name and prompts.");
        var prompts = labelDtos.Sum(label => label.Prompts?.Count ?? 0);
        if (prompts > MaxPrompts)
            throw new ApiException(ApiError.ClassifyPromptsLimit(prompts, MaxPrompts));
        var options = SearchParsing.Options("options", Options);
        var matching = SearchParsing.Conversation("conversation_option", ConversationOption);
        LabelQuery[] labels = [.. labelDtos.Select((label, i) => Label(label, $"{Name}[{i}]", options, matching))];
        if (matching == ConversationMatching.ExactMatch && !labels.Any(label => label.Options.Contains(IndexOptions.Conversation)))
            throw new ApiException(ApiError.ClassifyOptionCombination("conversation_option", options));
        return labels;
    }

    private static LabelQuery Label(ClassifyLabelDto label, string path, IReadOnlyList<string> options, ConversationMatching matching)
    {
        SearchParsing.Require(($"{path}.name", label.Name), ($"{path}.prompts", label.Prompts));
        if (string.IsNullOrWhiteSpace(label.Name) || label.Name.Length > MaxNameLength)
            throw SearchParsing.Invalid($"{path}.name", $"It must have 1 to {MaxNameLength} characters.");
        if (label.Prompts!.Count == 0)
            throw SearchParsing.Invalid($"{path}.prompts", "It must be a list of one or more texts.");
        if (label.Prompts.Any(prompt => string.IsNullOrWhiteSpace(prompt) || prompt.Length > TextQuery.MaxLength))
            throw SearchParsing.Invalid($"{path}.prompts", $"Each must be a text of 1 to {TextQuery.MaxLength} characters.");
        var own = label.Options is null ? options : SearchParsing.Options($"{path}.options", label.Options);
        var ownMatching = label.ConversationOption is null ? matching
            : SearchParsing.Conversation($"{path}.conversation_option", label.ConversationOption);
        if (label.ConversationOption is not null && ownMatching == ConversationMatching.ExactMatch
            && !own.Contains(IndexOptions.Conversation))
            throw new ApiException(ApiError.ClassifyOptionCombination($"{path}.conversation_option", own));
        return new LabelQuery(label.Name, label.Prompts, own, ownMatching);
    }
}

/// <summary>Parses the values of classification requests.</summary>
internal static class ClassifyParsing
{
    /// <summary>Maximum video ids in a request.</summary>
    private const int MaxIds = 1_000;

    public static IReadOnlyList<string> Ids(string parameter, IReadOnlyList<string> ids)
        => ids.Count is > 0 and <= MaxIds ? [.. ids.Select(id => Identifier.Require(parameter, id)).Distinct()]
            : throw SearchParsing.Invalid(parameter, $"It must be a list of 1 to {MaxIds} identifiers.");

    /// <summary>Reads a JSON boolean or the string <c>true</c> or <c>false</c>; null is false.</summary>
    public static bool Flag(string parameter, JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out var flag) => flag,
        _ => throw SearchParsing.Invalid(parameter, "It must be true or false."),
    };

    /// <summary>Reads a level, or the object of 1.1.2. Null means low.</summary>
    public static ClassificationBounds Bounds(JsonElement? threshold) => threshold switch
    {
        null => new ClassificationBounds(MatchLevels.Low),
        { ValueKind: JsonValueKind.String } word => new ClassificationBounds(SearchParsing.OneOf("threshold", word.GetString(), 0.0,
            ("high", MatchLevels.High), ("medium", MatchLevels.Medium), ("low", MatchLevels.Low), ("none", 0.0))),
        { ValueKind: JsonValueKind.Object } bounds => ObjectBounds(bounds),
        _ => throw SearchParsing.Invalid("threshold", "It must be one of the following: high, medium, low, none."),
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

    private static double Number(JsonProperty bound, double max)
        => bound.Value.ValueKind == JsonValueKind.Number && bound.Value.TryGetDouble(out var number) && number >= 0 && number <= max
            ? number
            : throw SearchParsing.Invalid($"threshold.{bound.Name}", $"It must be a number from 0 to {max}.");
}
