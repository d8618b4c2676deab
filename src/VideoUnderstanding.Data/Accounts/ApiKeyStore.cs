using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>Makes, lists, revokes and finds API keys. Managing keys happens outside the API: CONTRACT, section 1.</summary>
public sealed class ApiKeyStore(VideoDbContext db, TimeProvider clock)
{
    /// <summary>Calendar months a key lives.</summary>
    public const int LifeMonths = 2;

    /// <returns>The row, and the key itself, which is never shown again.</returns>
    public async Task<(ApiKey Key, string Secret)> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var account = await DefaultAccount.EnsureAsync(db, clock, cancellationToken);
        return await CreateAsync(account.Id, name, cancellationToken);
    }

    /// <returns>The secret of the first key when there were no keys at all, else null.</returns>
    public async Task<string?> EnsureFirstAsync(CancellationToken cancellationToken)
        => await DatabaseLock.RunAsync(db, async () => await db.ApiKeys.AnyAsync(cancellationToken)
            ? null
            : (await CreateAsync("first", cancellationToken)).Secret, cancellationToken);

    /// <summary>All keys, newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
        => await db.ApiKeys.AsNoTracking().OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id).ToListAsync(cancellationToken);

    /// <summary>Revokes one key. Revoking it again changes nothing.</summary>
    /// <param name="idOrPrefix">The key's identifier, or the start of the key as the list shows it.</param>
    /// <returns>The key; null when none or more than one fits.</returns>
    public async Task<ApiKey?> RevokeAsync(string idOrPrefix, CancellationToken cancellationToken)
    {
        var found = await db.ApiKeys.Where(key => key.Id == idOrPrefix || key.Prefix == idOrPrefix).Take(2).ToListAsync(cancellationToken);
        if (found is not [var key])
            return null;
        key.RevokedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }

    /// <summary>The key that may be used now; null for a wrong, expired or revoked one.</summary>
    public async Task<ApiKey?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        var (hash, now) = (ApiKeySecret.Hash(secret), clock.GetUtcNow());
        return await db.ApiKeys.AsNoTracking()
            .SingleOrDefaultAsync(key => key.Hash == hash && key.RevokedAt == null && key.ExpiresAt > now, cancellationToken);
    }

    private async Task<(ApiKey Key, string Secret)> CreateAsync(string accountId, string name, CancellationToken cancellationToken)
    {
        var (secret, now) = (ApiKeySecret.New(), clock.GetUtcNow());
        var key = new ApiKey
        {
            Id = ObjectIds.New(clock),
            AccountId = accountId,
            Name = name,
            Hash = ApiKeySecret.Hash(secret),
            Prefix = secret[..ApiKeySecret.PrefixLength],
            CreatedAt = now,
            ExpiresAt = now.AddMonths(LifeMonths),
        };
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        return (key, secret);
    }
}
