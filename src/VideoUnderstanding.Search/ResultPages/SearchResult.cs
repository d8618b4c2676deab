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
/// <param name="Indexing">Videos that are still being indexed.</param>
public sealed record SearchPool(string IndexId, int TotalCount, double TotalDuration, int Indexing = 0);

/// <summary>The clips of one item: one clip, or all of a video.</summary>
public sealed record ResultItem(string VideoId, IReadOnlyList<ClipMatch> Clips) : IAnswerItem;

/// <summary>The answer of a search.</summary>
public sealed record SearchResult(SearchPool Pool, ResultGrouping Grouping, bool ShowsModules, IReadOnlyList<ResultItem> Items)
    : IPagedAnswer<SearchResult, ResultItem>
{
    public static string Kind => "search";

    string IPagedAnswer<SearchResult, ResultItem>.IndexId => Pool.IndexId;

    public SearchResult With(IReadOnlyList<ResultItem> items) => this with { Items = items };

    /// <param name="clips">The best first.</param>
    public static SearchResult Of(
        SearchPool pool, IReadOnlyList<ClipMatch> clips, ResultGrouping grouping, ResultOrder order, bool showsModules)
        => new(pool, grouping, showsModules,
            grouping == ResultGrouping.Video ? Videos(clips, order) : [.. clips.Select(clip => new ResultItem(clip.VideoId, [clip]))]);

    private static List<ResultItem> Videos(IReadOnlyList<ClipMatch> clips, ResultOrder order)
    {
        // Grouping keeps the order of first appearance: videos by their best clip, and clips by score inside.
        var videos = clips.GroupBy(clip => clip.VideoId).Select(video => new ResultItem(video.Key, [.. video]));
        return order == ResultOrder.ClipCount ? [.. videos.OrderByDescending(video => video.Clips.Count)] : [.. videos];
    }
}
