using System.Text.Json;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>Body of classifyVideo. CONTRACT, section 9.</summary>
/// <param name="VideoIds">1.1.2's name: several videos of one index, answered as classifyBulk is.</param>
/// <param name="Classes">Name of <paramref name="Labels"/> from 1.1.1 on; the answer uses the name that the request used.</param>
/// <param name="Threshold">A word of 7.1, or 1.1.2's object with <c>min_clip_score</c>, <c>min_video_score</c> and
/// <c>min_duration_ratio</c>.</param>
/// <param name="IncludeClips">True, false, or these as texts.</param>
/// <param name="PageLimit">Videos on a page; only with <paramref name="VideoIds"/>.</param>
public sealed record ClassifyVideoRequest(
    string? VideoId,
    IReadOnlyList<string>? VideoIds,
    IReadOnlyList<string>? Options,
    IReadOnlyList<ClassifyLabelDto>? Labels,
    IReadOnlyList<ClassifyLabelDto>? Classes,
    string? ConversationOption,
    JsonElement? Threshold,
    JsonElement? IncludeClips,
    bool? ShowDetailedScore,
    int? PageLimit)
{
    /// <exception cref="ApiException">The request can not be understood.</exception>
    public ClassifyOrder Read()
    {
        SearchReading.Require(("video_id", VideoIds is null ? VideoId : new object()), ("options", Options), ("labels", Labels ?? Classes));
        if (VideoId is not null && VideoIds is not null)
            throw SearchReading.Invalid("video_ids", "video_id and video_ids are two names of one parameter; give one of them.");
        return new ClassifyWords(Options!, Labels, Classes, ConversationOption, Threshold, IncludeClips, ShowDetailedScore, PageLimit)
            .Order(null, VideoIds is null ? [Identifier.Require("video_id", VideoId!)] : ClassifyReading.Ids("video_ids", VideoIds));
    }
}

/// <summary>Body of classifyBulk. CONTRACT, section 9.</summary>
/// <inheritdoc cref="ClassifyVideoRequest" path="/param"/>
public sealed record ClassifyBulkRequest(
    string? IndexId,
    IReadOnlyList<string>? Options,
    IReadOnlyList<ClassifyLabelDto>? Labels,
    IReadOnlyList<ClassifyLabelDto>? Classes,
    string? ConversationOption,
    JsonElement? Threshold,
    JsonElement? IncludeClips,
    bool? ShowDetailedScore,
    int? PageLimit)
{
    /// <exception cref="ApiException">The request can not be understood.</exception>
    public ClassifyOrder Read()
    {
        SearchReading.Require(("index_id", IndexId), ("options", Options), ("labels", Labels ?? Classes));
        return new ClassifyWords(Options!, Labels, Classes, ConversationOption, Threshold, IncludeClips, ShowDetailedScore, PageLimit)
            .Order(Identifier.Require("index_id", IndexId!), null);
    }
}

/// <summary>A label of a request.</summary>
/// <param name="Options">Instead of the request's; the same holds for <paramref name="ConversationOption"/>.</param>
public sealed record ClassifyLabelDto(
    string? Name, IReadOnlyList<string>? Prompts, IReadOnlyList<string>? Options, string? ConversationOption);

/// <summary>A request that has been understood.</summary>
/// <param name="IndexId">Null when the videos are named.</param>
/// <param name="VideoIds">Null for all videos of the index.</param>
/// <param name="Limit">Videos on a page.</param>
public sealed record ClassifyOrder(
    string? IndexId, IReadOnlyList<string>? VideoIds, IReadOnlyList<LabelQuery> Labels, ClassificationBounds Bounds, bool KeepsClips,
    ClassificationView View, int Limit)
{
    public ClassificationQuery QueryIn(string indexId) => new(indexId, VideoIds, Labels, Bounds, KeepsClips);

    /// <summary>The options of all labels, each once.</summary>
    public IEnumerable<string> Options => Labels.SelectMany(label => label.Options).Distinct();
}
