using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>Makes, lists, ends and finds API keys. Managing keys happens outside the API: CONTRACT, section 1.</summary>
public sealed class ApiKeyStore(VideoDbContext db, TimeProvider clock, IOptions<ApiKeyOptions> options)
{
    /// <summary>Longer texts are no keys, and are not hashed.</summary>
    private const int MaxSecretLength = 512;

    private static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(1);

    /// <summary>As below, for the default account.</summary>
    public Task<(ApiKey Key, string Secret)> CreateAsync(string name, CancellationToken cancellationToken)
        => CreateAsync(name, DefaultAccount.Name, cancellationToken);

    /// <param name="account">Name of the account that the key opens; made when it is missing.</param>
    /// <returns>The row, and the key itself, which is never shown again.</returns>
    public async Task<(ApiKey Key, string Secret)> CreateAsync(string name, string account, CancellationToken cancellationToken)
    {
        var owner = await DefaultAccount.EnsureAsync(db, account, clock, cancellationToken);
        var (key, secret) = New(owner.Id, name);
        await db.SaveChangesAsync(cancellationToken);
        return (key, secret);
    }

    /// <summary>As above, for an account that exists.</summary>
    public async Task<(ApiKey Key, string Secret)> CreateForAsync(string accountId, string name, CancellationToken cancellationToken)
    {
        var made = New(accountId, name);
        await db.SaveChangesAsync(cancellationToken);
        return made;
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
        if (await NamedAsync(idOrPrefix, cancellationToken) is not { } key)
            return null;
        key.RevokedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }

    /// <summary>Puts a new key in the place of one: same account, same name, a full life. The old one ends in the same moment.</summary>
    /// <param name="idOrPrefix">The key's identifier, or the start of the key as the list shows it.</param>
    /// <returns>The new row and key; null when no key or more than one fits.</returns>
    public async Task<(ApiKey Key, string Secret)?> RegenerateAsync(string idOrPrefix, CancellationToken cancellationToken)
    {
        if (await NamedAsync(idOrPrefix, cancellationToken) is not { } old)
            return null;
        old.RevokedAt ??= clock.GetUtcNow();
        var made = New(old.AccountId, old.Name);
        await db.SaveChangesAsync(cancellationToken);
        return made;
    }

    /// <summary>The key that may be used now; null for a wrong, expired or revoked one. Asked for every request, so that a revoked key ends
    /// at once.</summary>
    /// <remarks>
    /// The database compares hashes, not keys: how long that takes tells something about the SHA-256 of what was sent, and nobody can
    /// choose that to approach the hash of a key they do not know. The row that was found is compared once more in constant time, so that
    /// nothing hangs on how the database compares.
    /// </remarks>
    public async Task<ApiKey?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length is 0 or > MaxSecretLength)
            return null;
        var (hash, now) = (ApiKeySecret.Hash(secret), clock.GetUtcNow());
        var key = await db.ApiKeys.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Hash == hash && row.RevokedAt == null && row.ExpiresAt > now, cancellationToken);
        return key is not null && CryptographicOperations.FixedTimeEquals(key.Hash, hash) ? key : null;
    }

    /// <summary>Stores the time of use, at most once in <see cref="UseInterval"/> for each key.</summary>
    /// <param name="key">As <see cref="FindAsync"/> returned it.</param>
    public async Task RecordUseAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (key.LastUsedAt is { } last && now - last < UseInterval)
            return;
        await db.ApiKeys.Where(row => row.Id == key.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(column => column.LastUsedAt, now), cancellationToken);
    }

    private async Task<ApiKey?> NamedAsync(string idOrPrefix, CancellationToken cancellationToken)
        => await db.ApiKeys.Where(key => key.Id == idOrPrefix || key.Prefix == idOrPrefix).OrderBy(key => key.Id).Take(2)
            .ToListAsync(cancellationToken) is [var key] ? key : null;

    private (ApiKey Key, string Secret) New(string accountId, string name)
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
            ExpiresAt = now.AddMonths(options.Value.LifeMonths),
        };
        db.ApiKeys.Add(key);
        return (key, secret);
    }
}
