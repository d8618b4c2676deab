using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Search;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>A video and its labels: the answer of classifyVideo, and an item of the other two. CONTRACT, section 9.</summary>
/// <param name="Labels">The best first; null when the request called them classes.</param>
/// <param name="Classes">The same in the other case.</param>
public sealed record ClassifyVideoResponse(string VideoId, IReadOnlyList<LabelResultDto>? Labels, IReadOnlyList<LabelResultDto>? Classes)
{
    /// <param name="prompts">What the numbers of the clips stand for.</param>
    /// <param name="thumbnail">Address of a picture by video and time; null when the index has no thumbnails.</param>
    public static ClassifyVideoResponse From(
        VideoLabels video, IReadOnlyList<string> prompts, ClassificationView view, Func<string, double, string>? thumbnail)
    {
        var labels = LabelResultDto.AllOf(video, prompts, view, thumbnail);
        return view.SaysClasses ? new(video.VideoId, null, labels) : new(video.VideoId, labels, null);
    }
}

/// <summary>Answer of classifyBulk and classifyPage: the videos that have labels. CONTRACT, section 9.</summary>
public sealed record ClassifyBulkResponse(IReadOnlyList<ClassifyVideoResponse> Data, SearchPageInfoDto PageInfo)
{
    /// <param name="thumbnail">Address of a picture by video and time; null when the index has no thumbnails.</param>
    public static ClassifyBulkResponse From(AnswerPage<ClassificationResult> page, Func<string, double, string>? thumbnail) => new(
        [.. page.Answer.Items.Select(video => ClassifyVideoResponse.From(video, page.Answer.Prompts, page.Answer.View, thumbnail))],
        SearchPageInfoDto.From(page));
}

/// <summary>A label of a video.</summary>
/// <param name="Duration">Seconds that its fragments cover together.</param>
/// <param name="DurationRatio">The same as a part of the video, 0 to 1.</param>
/// <param name="Score">For later versions; equal to <paramref name="MaxScore"/>.</param>
/// <param name="Clips">The fragments, the best first, when they were asked for.</param>
public sealed record LabelResultDto(
    string Name, double MaxScore, double Duration, double DurationRatio, double? Score, IReadOnlyList<LabelClipDto>? Clips)
{
    public static IReadOnlyList<LabelResultDto> AllOf(
        VideoLabels video, IReadOnlyList<string> prompts, ClassificationView view, Func<string, double, string>? thumbnail)
        => [.. video.Labels.Select(label => new LabelResultDto(
        label.Name, label.MaxScore, Math.Round(label.Duration, 3), Math.Round(label.Share, 4), view.ShowsScore ? label.MaxScore : null,
        label.Clips is null ? null : [.. label.Clips.Select(clip => LabelClipDto.From(video.VideoId, clip, prompts, thumbnail))]))];
}

/// <summary>A fragment of a label, and what it fits. Times are seconds.</summary>
public sealed record LabelClipDto(double Start, double End, double Score, string Option, string Prompt, string? ThumbnailUrl)
{
    public static LabelClipDto From(string videoId, LabelClip clip, IReadOnlyList<string> prompts, Func<string, double, string>? thumbnail)
        => new(
            Math.Round(clip.Start, 3), Math.Round(clip.End, 3), clip.Score, clip.Option, prompts[clip.Prompt],
            thumbnail?.Invoke(videoId, (clip.Start + clip.End) / 2));
}
