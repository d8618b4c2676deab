using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>Settings of API keys. Section <c>VideoUnderstanding:Keys</c>.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "VideoUnderstanding:Keys";

    /// <summary>Lifetime of a new key in calendar months. CONTRACT, section 1, specifies two.</summary>
    [Range(1, 120)]
    public int LifeMonths { get; set; } = 2;
}

/// <summary>Creates, lists, revokes and finds API keys. Keys are managed outside the API: CONTRACT, section 1.</summary>
public sealed class ApiKeyStore(VideoDbContext db, TimeProvider clock, IOptions<ApiKeyOptions> options)
{
    /// <summary>Longer texts are rejected without hashing.</summary>
    private const int MaxSecretLength = 512;

    private static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(1);

    /// <summary>Creates a key for the default account.</summary>
    public Task<(ApiKey Key, string Secret)> CreateAsync(string name, CancellationToken cancellationToken)
        => CreateAsync(name, DefaultAccount.Name, cancellationToken);

    /// <param name="account">Name of the account, which is created if missing.</param>
    /// <returns>The row, and the key in plain text, which is never shown again.</returns>
    public async Task<(ApiKey Key, string Secret)> CreateAsync(string name, string account, CancellationToken cancellationToken)
    {
        var owner = await DefaultAccount.EnsureAsync(db, account, clock, cancellationToken);
        var (key, secret) = New(owner.Id, name);
        await db.SaveChangesAsync(cancellationToken);
        return (key, secret);
    }

    /// <summary>Creates a key for an existing account.</summary>
    public async Task<(ApiKey Key, string Secret)> CreateForAsync(string accountId, string name, CancellationToken cancellationToken)
    {
        var created = New(accountId, name);
        await db.SaveChangesAsync(cancellationToken);
        return created;
    }

    /// <returns>The first key in plain text if there were no keys; otherwise null.</returns>
    public async Task<string?> EnsureFirstAsync(CancellationToken cancellationToken)
        => await DatabaseLock.RunAsync(db, async () => await db.ApiKeys.AnyAsync(cancellationToken)
            ? null
            : (await CreateAsync("first", cancellationToken)).Secret, cancellationToken);

    /// <summary>All keys, newest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
        => await db.ApiKeys.AsNoTracking().OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id).ToListAsync(cancellationToken);

    /// <summary>Revokes a key. Revoking it again has no effect.</summary>
    /// <param name="idOrPrefix">Id of the key, or its prefix as shown in the list.</param>
    /// <returns>The key; null if no key or several keys match.</returns>
    public async Task<ApiKey?> RevokeAsync(string idOrPrefix, CancellationToken cancellationToken)
    {
        if (await FindByIdOrPrefixAsync(idOrPrefix, cancellationToken) is not { } key)
            return null;
        key.RevokedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }

    /// <summary>Replaces a key by a new one with the same account and name and a full lifetime. The old key is revoked at the same
    /// time.</summary>
    /// <param name="idOrPrefix">Id of the key, or its prefix as shown in the list.</param>
    /// <returns>The new row and key; null if no key or several keys match.</returns>
    public async Task<(ApiKey Key, string Secret)?> RegenerateAsync(string idOrPrefix, CancellationToken cancellationToken)
    {
        if (await FindByIdOrPrefixAsync(idOrPrefix, cancellationToken) is not { } old)
            return null;
        old.RevokedAt ??= clock.GetUtcNow();
        var created = New(old.AccountId, old.Name);
        await db.SaveChangesAsync(cancellationToken);
        return created;
    }

    /// <summary>Returns the valid key with this secret; null if it is unknown, expired or revoked. Called for every request, so that a
    /// revocation takes effect immediately.</summary>
    /// <remarks>
    /// The database compares SHA-256 hashes, so timing reveals nothing useful: a caller cannot choose the hash of a key. The hash is
    /// compared once more in constant time, independent of the database.
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
    /// <param name="key">A key from <see cref="FindAsync"/>.</param>
    public async Task RecordUseAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (key.LastUsedAt is { } last && now - last < UseInterval)
            return;
        await db.ApiKeys.Where(row => row.Id == key.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(column => column.LastUsedAt, now), cancellationToken);
    }

    private async Task<ApiKey?> FindByIdOrPrefixAsync(string idOrPrefix, CancellationToken cancellationToken)
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

/// <summary>The text of an API key: <c>tlk_</c> and 52 base32 characters with 260 random bits.</summary>
public static class ApiKeySecret
{
    private const string Start = "tlk_";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Letters = 52;

    /// <summary>Length of the prefix that is stored in plain text, so that users can distinguish keys.</summary>
    public const int PrefixLength = 10;

    // Each base32 character carries 5 bits, and all are equally likely.
    public static string New() => Start + RandomNumberGenerator.GetString(Alphabet, Letters);

    /// <summary>Returns the SHA-256 of the key. A fast hash without salt is sufficient for a key with 260 random bits.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
