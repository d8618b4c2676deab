using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Search.ResultPages;

/// <summary>Keeps answers, so that every page shows a part of the same list until it expires. CONTRACT 7.6.</summary>
public sealed class FrozenResults(VideoDbContext db, TimeProvider clock, IOptions<VideoSearchOptions> options)
{
    /// <summary>Keeps the answer, if it has further pages, and gives the first one.</summary>
    /// <param name="limit">Items on a page.</param>
    public async Task<ResultPage> FreezeAsync(SearchResult result, string accountId, int limit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var set = new ResultSet
        {
            Id = Guid.NewGuid(),
            AccountId = accountId,
            IndexId = result.Pool.IndexId,
            PageLimit = limit,
            Payload = JsonSerializer.Serialize(result),
            CreatedAt = now,
            ExpiresAt = now + options.Value.PageLifetime,
        };
        if (result.Items.Count > limit)
        {
            db.ResultSets.Add(set);
            await db.SaveChangesAsync(cancellationToken);
            db.Entry(set).State = EntityState.Detached;
        }
        return Page(set, result, 0);
    }

    /// <summary>Null when the token is unknown, expired, of another account, or beyond the last page.</summary>
    /// <remarks>Videos that were deleted since are missing from their page, which then is shorter. Pages are not filled up from the next one:
    /// the page count, the total and every token stay true to the first answer, and no clip is shown twice or skipped.</remarks>
    public async Task<ResultPage?> FindAsync(PageToken token, string accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var set = await db.ResultSets.AsNoTracking()
            .Where(stored => stored.Id == token.ResultSet && stored.AccountId == accountId && stored.ExpiresAt > now)
            .Where(stored => db.Indexes.Any(index => index.Id == stored.IndexId && index.DeletedAt == null))
            .SingleOrDefaultAsync(cancellationToken);
        if (set is null)
            return null;
        var result = JsonSerializer.Deserialize<SearchResult>(set.Payload)!;
        if ((long)token.Page * set.PageLimit >= result.Items.Count)
            return null;
        var page = Page(set, result, token.Page);
        var asked = page.Items.Select(item => item.VideoId).Distinct().ToArray();
        var alive = await db.Videos.Where(video => asked.Contains(video.Id) && video.IndexedAt != null).Select(video => video.Id).ToListAsync(cancellationToken);
        return page with { Items = [.. page.Items.Where(item => alive.Contains(item.VideoId))] };
    }

    private static ResultPage Page(ResultSet set, SearchResult result, int number) => new(
        result,
        [.. result.Items.Skip(number * set.PageLimit).Take(set.PageLimit)],
        set.PageLimit,
        result.Items.Count,
        set.ExpiresAt,
        number == 0 ? null : new PageToken(set.Id, number - 1),
        (number + 1) * set.PageLimit < result.Items.Count ? new PageToken(set.Id, number + 1) : null);
}
