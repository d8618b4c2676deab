using VideoUnderstanding.Search.ResultPages;

namespace VideoUnderstanding.Search.Classification;

/// <summary>One page of an answer.</summary>
public sealed record ClassificationPage(ClassificationResult Result, IReadOnlyList<VideoLabels> Items, PagePlace Place);

/// <summary>The pages of classifications, frozen as those of searches are. CONTRACT 7.6.</summary>
public sealed class ClassificationPages(FrozenAnswers answers)
{
    /// <summary>Keeps the answer, if it has further pages, and gives the first one.</summary>
    /// <param name="limit">Videos on a page.</param>
    public async Task<ClassificationPage> FreezeAsync(ClassificationResult result, string accountId, int limit, CancellationToken cancellationToken)
    {
        var place = await answers.FreezeAsync(result, accountId, limit, cancellationToken);
        return new ClassificationPage(result, place.Cut(result.Items), place);
    }

    /// <summary>Null when the token is unknown, expired, of another account, or beyond the last page.</summary>
    /// <remarks>Videos that were deleted since are missing from their page.</remarks>
    public async Task<ClassificationPage?> FindAsync(PageToken token, string accountId, CancellationToken cancellationToken)
    {
        if (await answers.FindAsync<ClassificationResult>(token, accountId, cancellationToken) is not ({ } result, { } place))
            return null;
        var page = place.Cut(result.Items);
        var alive = await answers.AliveAsync(page.Select(video => video.VideoId), cancellationToken);
        return new ClassificationPage(result, [.. page.Where(video => alive.Contains(video.VideoId))], place);
    }
}
