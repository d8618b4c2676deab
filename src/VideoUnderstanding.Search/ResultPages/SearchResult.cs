namespace VideoUnderstanding.Search.ResultPages;

/// <summary>What one item of an answer is.</summary>
public enum ResultGrouping
{
    Clip,
    Video,
}

public enum ResultOrder
{
    Score,

    /// <summary>Videos with the most clips first; equal counts by the best clip.</summary>
    ClipCount,
}

/// <summary>The finished videos of an index: how many, and how many seconds.</summary>
public sealed record SearchPool(string IndexId, int TotalCount, double TotalDuration);

/// <summary>The clips of one item: one clip, or all of a video.</summary>
public sealed record ResultItem(string VideoId, IReadOnlyList<ClipMatch> Clips);

/// <summary>A whole answer as it is frozen for its pages.</summary>
/// <param name="Items">In their final order.</param>
public sealed record SearchResult(SearchPool Pool, ResultGrouping Grouping, bool ShowsModules, IReadOnlyList<ResultItem> Items) : IFrozenAnswer
{
    static string IFrozenAnswer.Kind => "search";

    string IFrozenAnswer.IndexId => Pool.IndexId;

    int IFrozenAnswer.Count => Items.Count;

    /// <param name="clips">The best first.</param>
    public static SearchResult Of(SearchPool pool, IReadOnlyList<ClipMatch> clips, ResultGrouping grouping, ResultOrder order, bool showsModules)
        => new(pool, grouping, showsModules, grouping == ResultGrouping.Video ? Videos(clips, order) : [.. clips.Select(clip => new ResultItem(clip.VideoId, [clip]))]);

    private static List<ResultItem> Videos(IReadOnlyList<ClipMatch> clips, ResultOrder order)
    {
        // Grouping keeps the order of first appearance: videos by their best clip, and clips by score inside.
        var videos = clips.GroupBy(clip => clip.VideoId).Select(video => new ResultItem(video.Key, [.. video]));
        return order == ResultOrder.ClipCount ? [.. videos.OrderByDescending(video => video.Clips.Count)] : [.. videos];
    }
}

/// <summary>One page of an answer.</summary>
/// <param name="Total">Items over all pages, as they were when the search was made.</param>
/// <param name="Previous">Null on the first page.</param>
/// <param name="Next">Null on the last page.</param>
public sealed record ResultPage(
    SearchResult Result, IReadOnlyList<ResultItem> Items, int Limit, int Total, DateTimeOffset ExpiresAt, PageToken? Previous, PageToken? Next);
