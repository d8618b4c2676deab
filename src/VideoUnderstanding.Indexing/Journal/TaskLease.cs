using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>
/// The right to work on a task, held by one database session at a time. The database takes it back by itself when the process or its
/// connection dies, so no clock decides who may work. Whether the session still lives is looked at every few seconds.
/// </summary>
public sealed class TaskLease : IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;
    private readonly VideoDbContext _db;
    private readonly long _key;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _watching;

    private TaskLease(AsyncServiceScope scope, VideoDbContext db, long key, TimeSpan pause, TimeProvider clock)
    {
        (_scope, _db, _key) = (scope, db, key);
        _watching = WatchAsync(pause, clock);
    }

    /// <summary>Cancelled when the session is gone and somebody else may hold the lease.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <returns>Null when another session holds the lease.</returns>
    public static async Task<TaskLease?> TryTakeAsync(
        string taskId, IServiceScopeFactory scopes, TimeSpan pause, TimeProvider clock, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
            // The connection stays open: the lock belongs to the session.
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
        await _watching;
        // Also when it was taken for lost: a session that was only slow to answer would go back to the pool with the lock.
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
            // The session is gone, and the lock with it.
        }
    }

    private async Task WatchAsync(TimeSpan pause, TimeProvider clock)
    {
        using var timer = new PeriodicTimer(pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_released.Token))
                await _db.Database.ExecuteSqlRawAsync("SELECT 1", CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
        catch (Exception)
        {
            await _lost.CancelAsync();
        }
    }
}
