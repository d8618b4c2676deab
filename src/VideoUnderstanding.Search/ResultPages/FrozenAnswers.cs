using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Search.ResultPages;

/// <summary>An answer that is a list of items, from which pages are read.</summary>
public interface IFrozenAnswer
{
    /// <summary>A word for this kind of answer: a token of one kind opens no answer of another.</summary>
    static abstract string Kind { get; }

    string IndexId { get; }

    /// <summary>Items over all pages.</summary>
    int Count { get; }
}

/// <summary>Where a page stands in its answer.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Limit">Items on a page.</param>
/// <param name="Total">Items over all pages, as they were at the first request.</param>
/// <param name="Previous">Null on the first page.</param>
/// <param name="Next">Null on the last page.</param>
public sealed record PagePlace(int Number, int Limit, int Total, DateTimeOffset ExpiresAt, PageToken? Previous, PageToken? Next)
{
    public IReadOnlyList<T> Cut<T>(IReadOnlyList<T> items) => [.. items.Skip(Number * Limit).Take(Limit)];
}

/// <summary>The stored answers of every kind, until they expire. CONTRACT 7.6.</summary>
public sealed class FrozenAnswers(VideoDbContext db, TimeProvider clock, IOptions<VideoSearchOptions> options)
{
    private sealed record Stored<T>(string Kind, T Answer);

    /// <summary>Keeps the answer, if it has further pages.</summary>
    /// <returns>The place of the first page.</returns>
    public async Task<PagePlace> FreezeAsync<T>(T answer, string accountId, int limit, CancellationToken cancellationToken) where T : IFrozenAnswer
    {
        var now = clock.GetUtcNow();
        var set = new ResultSet
        {
            Id = Guid.NewGuid(),
            AccountId = accountId,
            IndexId = answer.IndexId,
            PageLimit = limit,
            Payload = answer.Count > limit ? JsonSerializer.Serialize(new Stored<T>(T.Kind, answer)) : "",
            CreatedAt = now,
            ExpiresAt = now + options.Value.PageLifetime,
        };
        if (answer.Count > limit)
        {
            db.ResultSets.Add(set);
            await db.SaveChangesAsync(cancellationToken);
            db.Entry(set).State = EntityState.Detached;
        }
        return Place(set, answer.Count, 0);
    }

    /// <summary>Null when the token is unknown, expired, of another account or kind of answer, or beyond the last page.</summary>
    public async Task<(T Answer, PagePlace Place)?> FindAsync<T>(PageToken token, string accountId, CancellationToken cancellationToken) where T : IFrozenAnswer
    {
        var now = clock.GetUtcNow();
        var set = await db.ResultSets.AsNoTracking()
            .Where(stored => stored.Id == token.ResultSet && stored.AccountId == accountId && stored.ExpiresAt > now)
            .Where(stored => db.Indexes.Any(index => index.Id == stored.IndexId && index.DeletedAt == null))
            .SingleOrDefaultAsync(cancellationToken);
        if (set is null)
            return null;
        using var payload = JsonDocument.Parse(set.Payload);
        if (!payload.RootElement.TryGetProperty(nameof(Stored<>.Kind), out var kind) || !kind.ValueEquals(T.Kind))
            return null;
        var answer = payload.RootElement.GetProperty(nameof(Stored<>.Answer)).Deserialize<T>()!;
        return (long)token.Page * set.PageLimit < answer.Count ? (answer, Place(set, answer.Count, token.Page)) : null;
    }

    /// <summary>Those of the videos that are still there.</summary>
    public async Task<IReadOnlySet<string>> AliveAsync(IEnumerable<string> videoIds, CancellationToken cancellationToken)
    {
        var asked = videoIds.Distinct().ToArray();
        return (await db.Videos.Where(video => asked.Contains(video.Id) && video.IndexedAt != null).Select(video => video.Id).ToListAsync(cancellationToken)).ToHashSet();
    }

    private static PagePlace Place(ResultSet set, int total, int number) => new(
        number, set.PageLimit, total, set.ExpiresAt,
        number == 0 ? null : new PageToken(set.Id, number - 1),
        (number + 1) * set.PageLimit < total ? new PageToken(set.Id, number + 1) : null);
}
