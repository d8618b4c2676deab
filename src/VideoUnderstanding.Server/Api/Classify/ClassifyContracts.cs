using System.Text.Json;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>Body of classifyVideo. CONTRACT, section 9.</summary>
/// <param name="VideoIds">Added in 1.1.2: videos of one index. The response has the form of classifyBulk.</param>
/// <param name="Classes">The name of <paramref name="Labels"/> since 1.1.1. The response uses the name of the request.</param>
/// <param name="Threshold">A level of CONTRACT 7.1, or the object of 1.1.2 with <c>min_clip_score</c>, <c>min_video_score</c> and
/// <c>min_duration_ratio</c>.</param>
/// <param name="IncludeClips">A JSON boolean, or the string <c>true</c> or <c>false</c>.</param>
/// <param name="PageLimit">Maximum videos per page; used only with <paramref name="VideoIds"/>.</param>
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
    /// <exception cref="ApiException">The request is invalid.</exception>
    public ClassifyParameters Read()
    {
        SearchParsing.Require(("video_id", VideoIds is null ? VideoId : new object()), ("options", Options), ("labels", Labels ?? Classes));
        if (VideoId is not null && VideoIds is not null)
            throw SearchParsing.Invalid("video_ids", "video_id and video_ids are two names of one parameter; give one of them.");
        return new ClassifyFields(Options!, Labels, Classes, ConversationOption, Threshold, IncludeClips, ShowDetailedScore, PageLimit)
            .ToParameters(null, VideoIds is null ? [Identifier.Require("video_id", VideoId!)] : ClassifyParsing.Ids("video_ids", VideoIds));
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
    /// <exception cref="ApiException">The request is invalid.</exception>
    public ClassifyParameters Read()
    {
        SearchParsing.Require(("index_id", IndexId), ("options", Options), ("labels", Labels ?? Classes));
        return new ClassifyFields(Options!, Labels, Classes, ConversationOption, Threshold, IncludeClips, ShowDetailedScore, PageLimit)
            .ToParameters(Identifier.Require("index_id", IndexId!), null);
    }
}

/// <summary>A label of a request.</summary>
/// <param name="Options">Overrides the options of the request, as <paramref name="ConversationOption"/> does.</param>
public sealed record ClassifyLabelDto(
    string? Name, IReadOnlyList<string>? Prompts, IReadOnlyList<string>? Options, string? ConversationOption);

/// <summary>Validated parameters of a classification.</summary>
/// <param name="IndexId">Null if the request names videos.</param>
/// <param name="VideoIds">Null for all videos of the index.</param>
/// <param name="Limit">Maximum videos per page.</param>
public sealed record ClassifyParameters(
    string? IndexId, IReadOnlyList<string>? VideoIds, IReadOnlyList<LabelQuery> Labels, ClassificationBounds Bounds, bool KeepsClips,
    ClassificationView View, int Limit)
{
    public ClassificationQuery QueryIn(string indexId) => new(indexId, VideoIds, Labels, Bounds, KeepsClips);

    /// <summary>The distinct options of all labels.</summary>
    public IEnumerable<string> Options => Labels.SelectMany(label => label.Options).Distinct();
}
