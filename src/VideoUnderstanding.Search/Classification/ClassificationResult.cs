using VideoUnderstanding.Search.ResultPages;

namespace VideoUnderstanding.Search.Classification;

/// <summary>A fragment that fits a label. Times are seconds; the score is 0 to 100 with two decimals.</summary>
/// <param name="Prompt">Its place in <see cref="ClassificationQuery.Prompts"/>: the text itself, a thousand times over, would be most of an
/// answer.</param>
public sealed record LabelClip(double Start, double End, double Score, string Option, int Prompt);

/// <summary>A label that a video has.</summary>
/// <param name="MaxScore">Best score of its fragments.</param>
/// <param name="Duration">Seconds that its fragments cover together.</param>
/// <param name="Share">The same as a part of the video, 0 to 1.</param>
/// <param name="Clips">The best first; null when they were not asked for.</param>
public sealed record LabelMatch(string Name, double MaxScore, double Duration, double Share, IReadOnlyList<LabelClip>? Clips);

/// <summary>The labels of one video, the best first.</summary>
public sealed record VideoLabels(string VideoId, IReadOnlyList<LabelMatch> Labels) : IAnswerItem;

/// <summary>How an answer is written, on every page of it.</summary>
/// <param name="SaysClasses">True when the request called its labels classes.</param>
/// <param name="ShowsScore">True when labels show a score beside the best score of their fragments.</param>
public sealed record ClassificationView(bool SaysClasses, bool ShowsScore);

/// <summary>The answer of a classification of many videos.</summary>
/// <param name="Prompts">What the numbers of the clips stand for; empty when there are no clips.</param>
/// <param name="Items">Videos with labels only, in their final order.</param>
public sealed record ClassificationResult(
    string IndexId, ClassificationView View, IReadOnlyList<string> Prompts, IReadOnlyList<VideoLabels> Items)
    : IPagedAnswer<ClassificationResult, VideoLabels>
{
    public static string Kind => "labels";

    public ClassificationResult With(IReadOnlyList<VideoLabels> items) => this with { Items = items };

    /// <summary>Videos by their best label; videos without any are left out. CONTRACT, section 9.</summary>
    public static ClassificationResult Of(ClassificationQuery query, ClassificationView view, IEnumerable<VideoLabels> videos)
        => new(query.IndexId, view, query.KeepsClips ? query.Prompts : [],
            [.. videos.Where(video => video.Labels.Count > 0).OrderByDescending(video => video.Labels[0].MaxScore)
                .ThenBy(video => video.VideoId, StringComparer.Ordinal)]);
}
