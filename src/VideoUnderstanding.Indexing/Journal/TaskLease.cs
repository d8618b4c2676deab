using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>
/// An exclusive lease of a task: a session-level advisory lock. PostgreSQL releases it when the process or its connection ends, so no
/// expiry time is needed. The session is checked every few seconds.
/// </summary>
public sealed class TaskLease : IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;
    private readonly VideoDbContext _db;
    private readonly long _key;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _monitoring;

    private TaskLease(AsyncServiceScope scope, VideoDbContext db, long key, TimeSpan pause, TimeProvider clock)
    {
        (_scope, _db, _key) = (scope, db, key);
        _monitoring = MonitorAsync(pause, clock);
    }

    /// <summary>Cancelled if the session is lost and another process may hold the lease.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <returns>Null if another session holds the lease.</returns>
    public static async Task<TaskLease?> TryAcquireAsync(
        string taskId, IServiceScopeFactory scopes, TimeSpan pause, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
            // The connection must stay open, because the lock belongs to the session.
            await db.Database.OpenConnectionAsync(cancellationToken);
            var key = LeaseKeys.Of(taskId);
            var taken = await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({key}) AS \"Value\"").SingleAsync(cancellationToken);
            if (taken)
                return new TaskLease(scope, db, key, pause, clock);
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

    private async Task ReleaseAsync()
    {
        try
        {
            await _db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({_key})", CancellationToken.None);
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
