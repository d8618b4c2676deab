namespace VideoUnderstanding.Search.ResultPages;

/// <summary>Keeps answers of searches, so that every page shows a part of the same list until it expires. CONTRACT 7.6.</summary>
public sealed class FrozenResults(FrozenAnswers answers)
{
    /// <summary>Keeps the answer, if it has further pages, and gives the first one.</summary>
    /// <param name="limit">Items on a page.</param>
    public async Task<ResultPage> FreezeAsync(SearchResult result, string accountId, int limit, CancellationToken cancellationToken)
    {
        var place = await answers.FreezeAsync(result, accountId, limit, cancellationToken);
        return Page(result, place.Cut(result.Items), place);
    }

    /// <summary>Null when the token is unknown, expired, of another account, or beyond the last page.</summary>
    /// <remarks>Videos that were deleted since are missing from their page, which then is shorter. Pages are not filled up from the next one:
    /// the page count, the total and every token stay true to the first answer, and no clip is shown twice or skipped.</remarks>
    public async Task<ResultPage?> FindAsync(PageToken token, string accountId, CancellationToken cancellationToken)
    {
        if (await answers.FindAsync<SearchResult>(token, accountId, cancellationToken) is not ({ } result, { } place))
            return null;
        var page = place.Cut(result.Items);
        var alive = await answers.AliveAsync(page.Select(item => item.VideoId), cancellationToken);
        return Page(result, [.. page.Where(item => alive.Contains(item.VideoId))], place);
    }

    private static ResultPage Page(SearchResult result, IReadOnlyList<ResultItem> items, PagePlace place)
        => new(result, items, place.Limit, place.Total, place.ExpiresAt, place.Previous, place.Next);
}
