namespace VideoUnderstanding.Search.ResultPages;

/// <summary>Content of one item of an answer.</summary>
public enum ResultGrouping
{
    Clip,
    Video,
}

public enum ResultOrder
{
    Score,

    /// <summary>Videos with the most clips first; equal counts are ordered by their best clip.</summary>
    ClipCount,
}

/// <summary>The finished videos of an index: count, and total duration in seconds.</summary>
/// <param name="Indexing">Number of videos that are still being indexed.</param>
public sealed record SearchPool(string IndexId, int TotalCount, double TotalDuration, int Indexing = 0);

/// <summary>The clips of one item: a single clip, or all clips of a video.</summary>
public sealed record ResultItem(string VideoId, IReadOnlyList<ClipMatch> Clips) : IAnswerItem;

/// <summary>The answer of a search.</summary>
public sealed record SearchResult(SearchPool Pool, ResultGrouping Grouping, bool ShowsModules, IReadOnlyList<ResultItem> Items)
    : IPagedAnswer<SearchResult, ResultItem>
{
    public static string Kind => "search";

    string IPagedAnswer<SearchResult, ResultItem>.IndexId => Pool.IndexId;

    public SearchResult With(IReadOnlyList<ResultItem> items) => this with { Items = items };

    /// <param name="clips">Clips, best first.</param>
    public static SearchResult Of(
        SearchPool pool, IReadOnlyList<ClipMatch> clips, ResultGrouping grouping, ResultOrder order, bool showsModules)
        => new(pool, grouping, showsModules,
            grouping == ResultGrouping.Video ? Videos(clips, order) : [.. clips.Select(clip => new ResultItem(clip.VideoId, [clip]))]);

    private static List<ResultItem> Videos(IReadOnlyList<ClipMatch> clips, ResultOrder order)
    {
        // GroupBy keeps the order of first appearance, so videos are ordered by their best clip.
        var videos = clips.GroupBy(clip => clip.VideoId).Select(video => new ResultItem(video.Key, [.. video]));
        return order == ResultOrder.ClipCount ? [.. videos.OrderByDescending(video => video.Clips.Count)] : [.. videos];
    }
}
