using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Opens sessions that hold a lease.</summary>
public sealed class SessionLeases(IServiceScopeFactory scopes, IOptions<IndexingOptions> options, TimeProvider clock)
{
    /// <summary>The lock key of an attempt is its token plus this number, which begins with the ASCII codes of "vu". So it differs from the
    /// keys of other locks.</summary>
    public const long FirstAttemptKey = 0x7675_0000_0000_0000;

    /// <returns>Null if another session holds the lease of that name.</returns>
    public Task<SessionLease?> TryAcquireAsync(string name, CancellationToken cancellationToken)
    {
        // Half of a SHA-256: a collision is practically impossible and would only refuse a lease.
        var key = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"lease {name}")));
        return OpenAsync(async db => await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({key}) AS \"Value\"")
            .SingleAsync(cancellationToken) ? key : null, cancellationToken);
    }

    /// <summary>Creates the token of an attempt and takes its lock, which proves that the attempt is alive. The lock is held before any row
    /// has the token.</summary>
    public async Task<AttemptLease> BeginAttemptAsync(CancellationToken cancellationToken)
    {
        var lease = await OpenAsync(async db =>
        {
            var key = FirstAttemptKey + await db.Database.SqlQuery<long>($"SELECT nextval('attempt_tokens') AS \"Value\"")
                .SingleAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({key})", cancellationToken);
            return key;
        }, cancellationToken);
        return new AttemptLease(lease!);
    }

    private Task<SessionLease?> OpenAsync(Func<VideoDbContext, Task<long?>> acquire, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromSeconds(options.Value.LeaseCheckSeconds);
        var silence = TimeSpan.FromSeconds(Math.Max(options.Value.LeaseTimeoutSeconds, 3 * options.Value.LeaseCheckSeconds));
        return SessionLease.TryOpenAsync(scopes, acquire, pause, silence, clock, cancellationToken);
    }
}

/// <summary>The token of an attempt and the session that proves that the attempt is alive.</summary>
public sealed class AttemptLease(SessionLease lease) : IAsyncDisposable
{
    /// <summary>Larger than the tokens of all earlier attempts of the installation.</summary>
    public long Token => lease.Key - SessionLeases.FirstAttemptKey;

    /// <summary>Cancelled if the session is lost and another attempt may begin.</summary>
    public CancellationToken Lost => lease.Lost;

    public ValueTask DisposeAsync() => lease.DisposeAsync();
}
