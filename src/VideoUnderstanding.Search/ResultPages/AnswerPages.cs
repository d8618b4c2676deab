using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Search.ResultPages;

/// <summary>An item of an answer; it belongs to one video.</summary>
public interface IAnswerItem
{
    string VideoId { get; }
}

/// <summary>An answer with several pages.</summary>
/// <typeparam name="TAnswer">The answer itself.</typeparam>
public interface IPagedAnswer<TAnswer, TItem> where TItem : IAnswerItem
{
    /// <summary>Identifies the type of answer. A page token is valid for one type only.</summary>
    static abstract string Kind { get; }

    string IndexId { get; }

    /// <summary>All items of the answer, or those of one page, in their final order.</summary>
    IReadOnlyList<TItem> Items { get; }

    /// <summary>Returns a copy with other items.</summary>
    TAnswer With(IReadOnlyList<TItem> items);
}

/// <summary>One page of an answer.</summary>
/// <param name="Answer">Contains only the items of this page.</param>
/// <param name="Limit">Items per page.</param>
/// <param name="Total">Number of items on all pages when the answer was created.</param>
/// <param name="Previous">Null on the first page.</param>
/// <param name="Next">Null on the last page.</param>
public sealed record AnswerPage<TAnswer>(
    TAnswer Answer, int Limit, int Total, DateTimeOffset ExpiresAt, PageToken? Previous, PageToken? Next);

/// <summary>Stores the answers of searches and classifications, one row per page, so that all pages show the same result until it expires.
/// CONTRACT 7.6.</summary>
public sealed class AnswerPages(VideoDbContext db, TimeProvider clock, IOptions<VideoSearchOptions> options)
{
    /// <summary>Returns the first page, and stores all pages if there is more than one.</summary>
    /// <param name="limit">Items per page.</param>
    public async Task<AnswerPage<TAnswer>> StoreAsync<TAnswer, TItem>(
        IPagedAnswer<TAnswer, TItem> answer, string accountId, int limit, CancellationToken cancellationToken)
        where TAnswer : IPagedAnswer<TAnswer, TItem>
        where TItem : IAnswerItem
    {
        var now = clock.GetUtcNow();
        var set = new ResultSet
        {
            Id = Guid.NewGuid(),
            AccountId = accountId,
            IndexId = answer.IndexId,
            Kind = TAnswer.Kind,
            PageLimit = limit,
            Total = answer.Items.Count,
            Payload = JsonSerializer.Serialize(answer.With([])),
            CreatedAt = now,
            ExpiresAt = now + options.Value.PageLifetime,
        };
        var pages = answer.Items.Chunk(limit).ToList();
        if (pages.Count > 1)
        {
            db.ResultSets.Add(set);
            db.ResultPages.AddRange(pages.Select((items, number)
                => new ResultPage { ResultSetId = set.Id, Number = number, Items = JsonSerializer.Serialize(items) }));
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
        return Page(answer.With(pages.Count > 0 ? pages[0] : []), set, 0);
    }

    /// <summary>Reads one page. Returns null if the token is unknown, expired, beyond the last page, or belongs to another account or type
    /// of answer.</summary>
    /// <remarks>Items of deleted videos are omitted, which shortens the page. Pages are not refilled, so that the page count, the total and
    /// all tokens remain valid and no item is repeated or skipped.</remarks>
    public async Task<AnswerPage<TAnswer>?> FindAsync<TAnswer, TItem>(
        PageToken token, string accountId, CancellationToken cancellationToken)
        where TAnswer : IPagedAnswer<TAnswer, TItem>
        where TItem : IAnswerItem
    {
        var (now, kind) = (clock.GetUtcNow(), TAnswer.Kind);
        var found = await db.ResultSets.AsNoTracking()
            .Where(set => set.Id == token.ResultSet && set.AccountId == accountId && set.Kind == kind && set.ExpiresAt > now)
            .Where(set => db.Indexes.Any(index => index.Id == set.IndexId && index.DeletedAt == null))
            .Join(db.ResultPages.Where(page => page.Number == token.Page), set => set.Id, page => page.ResultSetId,
                (set, page) => new { Set = set, page.Items })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
            return null;
        var items = JsonSerializer.Deserialize<List<TItem>>(found.Items)!;
        var videoIds = items.Select(item => item.VideoId).Distinct().ToList();
        var present = await db.Videos.Searchable().Where(video => videoIds.Contains(video.Id)).Select(video => video.Id)
            .ToHashSetAsync(cancellationToken);
        var answer = JsonSerializer.Deserialize<TAnswer>(found.Set.Payload)!;
        return Page(answer.With([.. items.Where(item => present.Contains(item.VideoId))]), found.Set, token.Page);
    }

    private static AnswerPage<TAnswer> Page<TAnswer>(TAnswer answer, ResultSet set, int number) => new(
        answer, set.PageLimit, set.Total, set.ExpiresAt,
        number == 0 ? null : new PageToken(set.Id, number - 1),
        (number + 1) * set.PageLimit < set.Total ? new PageToken(set.Id, number + 1) : null);
}

/// <summary>Identifies one page of a stored answer: <c>{uuid}-{n}</c>, n counted from 0. CONTRACT 7.6.</summary>
public readonly record struct PageToken(Guid ResultSet, int Page)
{
    private const int UuidLength = 36;

    /// <summary>Returns null if the text has another format.</summary>
    public static PageToken? Parse(string text)
        => text.Length > UuidLength + 1 && text[UuidLength] == '-'
            && Guid.TryParseExact(text[..UuidLength], "D", out var id)
            && int.TryParse(text.AsSpan(UuidLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var page)
                ? new PageToken(id, page)
                : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ResultSet:D}-{Page}");
}
