using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>
/// An exclusive lease: a session-level advisory lock. PostgreSQL releases it when the connection ends, which it does at once if the process
/// is killed. If the process is frozen or its machine is lost, PostgreSQL ends the session after a time without activity. The lease
/// therefore does not depend on the clock of this machine. The session is used every few seconds.
/// </summary>
public sealed class SessionLease : IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;
    private readonly VideoDbContext _db;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _monitoring;

    private SessionLease(AsyncServiceScope scope, VideoDbContext db, long key, TimeSpan pause, TimeProvider clock)
    {
        (_scope, _db, Key) = (scope, db, key);
        _monitoring = MonitorAsync(pause, clock);
    }

    /// <summary>Key of the advisory lock.</summary>
    public long Key { get; }

    /// <summary>Cancelled if the session is lost and another process may hold the lease.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <param name="acquire">Acquires an advisory lock of the session and returns its key; null if another session holds it.</param>
    /// <param name="pause">Time between two uses of the session.</param>
    /// <param name="silence">Time without a use after which PostgreSQL ends the session.</param>
    /// <returns>Null if another session holds the lease.</returns>
    public static async Task<SessionLease?> TryOpenAsync(IServiceScopeFactory scopes, Func<VideoDbContext, Task<long?>> acquire,
        TimeSpan pause, TimeSpan silence, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
            // The connection must stay open, because the lock belongs to the session.
            await db.Database.OpenConnectionAsync(cancellationToken);
            if (await acquire(db) is { } key)
            {
                await SetSilenceAsync(db, silence, cancellationToken);
                return new SessionLease(scope, db, key, pause, clock);
            }
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
        await scope.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync();
        await _monitoring;
        // Also after a presumed loss: a slow session would otherwise return to the pool with the lock.
        await ReleaseAsync();
        await _scope.DisposeAsync();
        _released.Dispose();
        _lost.Dispose();
    }

    private static Task SetSilenceAsync(VideoDbContext db, TimeSpan silence, CancellationToken cancellationToken)
    {
        var milliseconds = ((long)silence.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return db.Database.ExecuteSqlAsync($"SELECT set_config('idle_session_timeout', {milliseconds}, false)", cancellationToken);
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await _db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Key})", CancellationToken.None);
            // The connection returns to the pool, where it may be idle.
            await _db.Database.ExecuteSqlRawAsync("RESET idle_session_timeout", CancellationToken.None);
            await _db.Database.CloseConnectionAsync();
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or InvalidOperationException)
        {
            // The session has ended and has released the lock.
        }
    }

    private async Task MonitorAsync(TimeSpan pause, TimeProvider clock)
    {
        using var timer = new PeriodicTimer(pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_released.Token))
                await _db.Database.ExecuteSqlRawAsync("SELECT 1", CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The lease was released.
        }
        catch (Exception)
        {
            await _lost.CancelAsync();
        }
    }
}
