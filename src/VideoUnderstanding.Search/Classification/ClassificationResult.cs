using VideoUnderstanding.Search.ResultPages;

namespace VideoUnderstanding.Search.Classification;

/// <summary>A fragment that matches a label. Times are seconds; the score is 0 to 100 with two decimals.</summary>
/// <param name="Prompt">Position in <see cref="ClassificationQuery.Prompts"/>. Storing the position instead of the text keeps answers
/// small.</param>
public sealed record LabelClip(double Start, double End, double Score, string Option, int Prompt);

/// <summary>A label assigned to a video.</summary>
/// <param name="MaxScore">Highest score of its fragments.</param>
/// <param name="Duration">Seconds covered by the union of its fragments.</param>
/// <param name="Share"><paramref name="Duration"/> divided by the duration of the video, 0 to 1.</param>
/// <param name="Clips">Best first; null if the request excludes clips.</param>
public sealed record LabelMatch(string Name, double MaxScore, double Duration, double Share, IReadOnlyList<LabelClip>? Clips);

/// <summary>The labels of one video, best first.</summary>
public sealed record VideoLabels(string VideoId, IReadOnlyList<LabelMatch> Labels) : IAnswerItem;

/// <summary>Format of an answer. All its pages use the same format.</summary>
/// <param name="UsesClasses">True if the response uses the word "class" for a label.</param>
/// <param name="ShowsScore">True if each label has a score besides the maximum score of its fragments.</param>
public sealed record ClassificationView(bool UsesClasses, bool ShowsScore);

/// <summary>The answer of a classification of many videos.</summary>
/// <param name="Prompts">The prompts that the clips refer to by position; empty if there are no clips.</param>
/// <param name="Items">Only videos with at least one label, in their final order.</param>
public sealed record ClassificationResult(
    string IndexId, ClassificationView View, IReadOnlyList<string> Prompts, IReadOnlyList<VideoLabels> Items)
    : IPagedAnswer<ClassificationResult, VideoLabels>
{
    public static string Kind => "labels";

    public ClassificationResult With(IReadOnlyList<VideoLabels> items) => this with { Items = items };

    /// <summary>Orders videos by their best label and omits videos without labels. CONTRACT, section 9.</summary>
    public static ClassificationResult Of(ClassificationQuery query, ClassificationView view, IEnumerable<VideoLabels> videos)
        => new(query.IndexId, view, query.KeepsClips ? query.Prompts : [],
            [.. videos.Where(video => video.Labels.Count > 0).OrderByDescending(video => video.Labels[0].MaxScore)
                .ThenBy(video => video.VideoId, StringComparer.Ordinal)]);
}
