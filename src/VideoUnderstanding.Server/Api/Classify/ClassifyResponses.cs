using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Search;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>Response of classifyVideo, and an item of classifyBulk and classifyPage. CONTRACT, section 9.</summary>
/// <param name="Labels">Ordered by descending score; null if the request used the name classes.</param>
/// <param name="Classes">The labels if the request used the name classes; otherwise null.</param>
public sealed record ClassifyVideoResponse(string VideoId, IReadOnlyList<LabelResultDto>? Labels, IReadOnlyList<LabelResultDto>? Classes)
{
    /// <param name="prompts">The prompts; a clip stores the position of its prompt in this list.</param>
    /// <param name="thumbnail">Address of a picture by video and time; null when the index has no thumbnails.</param>
    public static ClassifyVideoResponse From(
        VideoLabels video, IReadOnlyList<string> prompts, ClassificationView view, Func<string, double, string>? thumbnail)
    {
        var labels = LabelResultDto.AllOf(video, prompts, view, thumbnail);
        return view.UsesClasses ? new(video.VideoId, null, labels) : new(video.VideoId, labels, null);
    }
}

/// <summary>Response of classifyBulk and classifyPage: the videos that have labels. CONTRACT, section 9.</summary>
public sealed record ClassifyBulkResponse(IReadOnlyList<ClassifyVideoResponse> Data, SearchPageInfoDto PageInfo)
{
    /// <param name="thumbnail">Address of a picture by video and time; null when the index has no thumbnails.</param>
    public static ClassifyBulkResponse From(AnswerPage<ClassificationResult> page, Func<string, double, string>? thumbnail) => new(
        [.. page.Answer.Items.Select(video => ClassifyVideoResponse.From(video, page.Answer.Prompts, page.Answer.View, thumbnail))],
        SearchPageInfoDto.From(page));
}

/// <summary>A label of a video.</summary>
/// <param name="Duration">Total duration of its fragments in seconds, without overlaps.</param>
/// <param name="DurationRatio"><paramref name="Duration"/> divided by the duration of the video, 0 to 1.</param>
/// <param name="Score">Returned to later versions; equal to <paramref name="MaxScore"/>.</param>
/// <param name="Clips">The fragments, ordered by descending score; null if the request excludes them.</param>
public sealed record LabelResultDto(
    string Name, double MaxScore, double Duration, double DurationRatio, double? Score, IReadOnlyList<LabelClipDto>? Clips)
{
    public static IReadOnlyList<LabelResultDto> AllOf(
        VideoLabels video, IReadOnlyList<string> prompts, ClassificationView view, Func<string, double, string>? thumbnail)
        => [.. video.Labels.Select(label => new LabelResultDto(
        label.Name, label.MaxScore, Math.Round(label.Duration, 3), Math.Round(label.Share, 4), view.ShowsScore ? label.MaxScore : null,
        label.Clips is null ? null : [.. label.Clips.Select(clip => LabelClipDto.From(video.VideoId, clip, prompts, thumbnail))]))];
}

/// <summary>A fragment of a label with its option and prompt. Times are in seconds.</summary>
public sealed record LabelClipDto(double Start, double End, double Score, string Option, string Prompt, string? ThumbnailUrl)
{
    public static LabelClipDto From(string videoId, LabelClip clip, IReadOnlyList<string> prompts, Func<string, double, string>? thumbnail)
        => new(
            Math.Round(clip.Start, 3), Math.Round(clip.End, 3), clip.Score, clip.Option, prompts[clip.Prompt],
            thumbnail?.Invoke(videoId, (clip.Start + clip.End) / 2));
}
