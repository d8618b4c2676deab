using VideoUnderstanding.Search.ResultPages;

namespace VideoUnderstanding.Search.Classification;

/// <summary>A fragment that fits a label. Times are seconds; the score is 0 to 100 with two decimals.</summary>
public sealed record LabelClip(double Start, double End, double Score, string Option, string Prompt);

/// <summary>A label that a video has.</summary>
/// <param name="MaxScore">Best score of its fragments.</param>
/// <param name="Duration">Seconds that its fragments cover together.</param>
/// <param name="Share">The same as a part of the video, 0 to 1.</param>
/// <param name="Clips">The best first; null when they were not asked for.</param>
public sealed record LabelMatch(string Name, double MaxScore, double Duration, double Share, IReadOnlyList<LabelClip>? Clips);

/// <summary>The labels of one video, the best first.</summary>
public sealed record VideoLabels(string VideoId, IReadOnlyList<LabelMatch> Labels);

/// <summary>How an answer is written, on every page of it.</summary>
/// <param name="SaysClasses">True when the request called its labels classes.</param>
/// <param name="ShowsScore">True when labels show a score beside the best score of their fragments.</param>
public sealed record ClassificationView(bool SaysClasses, bool ShowsScore);

/// <summary>The answer for many videos as it is frozen for its pages.</summary>
/// <param name="Items">Videos with labels only, in their final order.</param>
public sealed record ClassificationResult(string IndexId, ClassificationView View, IReadOnlyList<VideoLabels> Items) : IFrozenAnswer
{
    static string IFrozenAnswer.Kind => "classification";

    int IFrozenAnswer.Count => Items.Count;

    /// <summary>Videos by their best label; videos without any are left out. CONTRACT, section 9.</summary>
    public static ClassificationResult Of(string indexId, ClassificationView view, IEnumerable<VideoLabels> videos)
        => new(indexId, view, [.. videos.Where(video => video.Labels.Count > 0).OrderByDescending(video => video.Labels[0].MaxScore).ThenBy(video => video.VideoId, StringComparer.Ordinal)]);
}
