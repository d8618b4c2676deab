using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Installations;

/// <summary>Id and signing key of the installation. They are stored in the database, so all its servers use the same ones, and signed URLs
/// remain valid after a restart.</summary>
public sealed class InstallationIdentity(IServiceScopeFactory scopes, TimeProvider clock)
{
    private const int KeyBytes = 32;

    // PublicationOnly does not cache failures, such as an unreachable database.
    private readonly Lazy<Installation> _row = new(() => Load(scopes, clock), LazyThreadSafetyMode.PublicationOnly);

    public string Id => _row.Value.Id;

    /// <summary>Returns the HMAC-SHA256 of the text's UTF-8 bytes, lower-case hexadecimal.</summary>
    public string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_row.Value.SigningKey, Encoding.UTF8.GetBytes(text)));

    /// <summary>Verifies a signature in constant time.</summary>
    public bool IsSignature(string signature, string text)
        => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(text)));

    private static Installation Load(IServiceScopeFactory scopes, TimeProvider clock)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        if (db.Installations.AsNoTracking().SingleOrDefault() is { } known)
            return known;
        var (id, key, now) = (ObjectIds.New(clock), RandomNumberGenerator.GetBytes(KeyBytes), clock.GetUtcNow());
        // If several servers start concurrently, the first row is kept.
        db.Database.ExecuteSql($"""
            INSERT INTO installation (number, id, signing_key, created_at) VALUES ({Installation.OnlyNumber}, {id}, {key}, {now})
            ON CONFLICT DO NOTHING
            """);
        return db.Installations.AsNoTracking().Single();
    }
}
