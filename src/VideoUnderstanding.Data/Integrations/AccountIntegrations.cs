using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Data.Integrations;

/// <summary>Encrypts and decrypts stored credentials. Registered by the server; other programs cannot read them.</summary>
public sealed record CredentialProtection(Func<string, string> Protect, Func<string, string> Unprotect)
{
    public string ProtectKeys(string accessKey, string secretKey)
        => Protect(JsonSerializer.Serialize(new StoredCredentials(accessKey, secretKey)));
}

/// <summary>The plain text of the credentials.</summary>
internal sealed record StoredCredentials(string AccessKey, string SecretKey);

/// <summary>Provides the integrations of accounts for reading transfer addresses.</summary>
public sealed class AccountIntegrations(IServiceScopeFactory scopes, CredentialProtection? protection = null)
{
    public async Task<IReadOnlyList<Integration>> OfAsync(string accountId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VideoDbContext>().Integrations.AsNoTracking().OwnedBy(accountId)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Returns the integration for an object: of those with its bucket, the one with the longest matching prefix; null without
    /// one.</summary>
    public static Integration? ReaderOf(ObjectAddress address, IEnumerable<Integration> integrations)
        => integrations.Where(one => one.Kind == IntegrationKind.Bucket && one.Bucket == address.Bucket
                && address.Key.StartsWith(one.Prefix ?? "", StringComparison.Ordinal))
            .MaxBy(one => one.Prefix?.Length ?? 0);

    /// <summary>Returns the access settings of a bucket. They never include the server's own credentials or access to private
    /// networks.</summary>
    /// <exception cref="ObjectException">The credentials cannot be decrypted.</exception>
    public ObjectIntegrationOptions AccessTo(Integration bucket)
    {
        var access = new ObjectIntegrationOptions
        {
            Endpoint = bucket.Endpoint, Region = bucket.Region!, PathStyle = bucket.PathStyle, Anonymous = bucket.Credentials is null,
            Buckets = { bucket.Bucket! },
        };
        if (bucket.Credentials is not null)
            (access.AccessKey, access.SecretKey) = Read(bucket);
        return access;
    }

    private (string AccessKey, string SecretKey) Read(Integration bucket)
    {
        try
        {
            if (protection is not null
                && JsonSerializer.Deserialize<StoredCredentials>(protection.Unprotect(bucket.Credentials!)) is var (accessKey, secretKey))
                return (accessKey, secretKey);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or JsonException)
        {
            throw new ObjectException($"The stored credentials of the integration {bucket.Name} cannot be decrypted. Enter them again.",
                unreadable);
        }
        throw new ObjectException($"The stored credentials of the integration {bucket.Name} cannot be read by this program.");
    }
}
