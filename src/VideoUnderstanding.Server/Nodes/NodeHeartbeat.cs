using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.App.Operator;

namespace VideoUnderstanding.Server.Nodes;

/// <summary>Writes to the database that this process is running, and removes its row when it stops. Only reports use the rows: who works on
/// a task is decided by its lease.</summary>
public sealed partial class NodeHeartbeat(
    IServiceScopeFactory scopes, IOptions<NodeOptions> options, IOptions<IndexingOptions> indexing, TimeProvider clock,
    ILogger<NodeHeartbeat> logger) : BackgroundService
{
    /// <summary>Rows of processes that were killed are kept this long.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
            await WithDatabaseAsync(BeatAsync, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WithDatabaseAsync(
            (db, token) => db.Nodes.Where(node => node.Name == options.Value.Name).ExecuteDeleteAsync(token), cancellationToken);
    }

    private async Task BeatAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        var (name, role, now) = (options.Value.Name, options.Value.Role.ToString().ToLowerInvariant(), clock.GetUtcNow());
        var workers = options.Value.Role == NodeRole.Api ? 0 : indexing.Value.Workers;
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO nodes (name, role, version, workers, started_at, heartbeat_at)
            VALUES ({name}, {role}, {ServerVersion.Text}, {workers}, {_startedAt}, {now})
            ON CONFLICT (name) DO UPDATE SET role = excluded.role, version = excluded.version, workers = excluded.workers,
                started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at
            """, cancellationToken);
        var limit = now - Kept;
        await db.Nodes.Where(node => node.HeartbeatAt < limit).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task WithDatabaseAsync(Func<VideoDbContext, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider.GetRequiredService<VideoDbContext>(), cancellationToken);
        }
        catch (Exception failure)
            when (failure is DbException or TimeoutException or InvalidOperationException { InnerException: DbException })
        {
            // The next heartbeat follows soon; what needs the database reports its absence.
            LogFailed(logger, failure);
        }
    }

    [LoggerMessage(EventId = 3200, Level = LogLevel.Debug, Message = "The heartbeat of this node could not be written")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
