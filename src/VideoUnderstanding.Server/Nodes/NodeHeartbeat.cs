using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.App.Operator;

namespace VideoUnderstanding.Server.Nodes;

/// <summary>Writes the heartbeat of this process to the database, and deletes its row at shutdown. The rows are used for reports only;
/// leases decide which process works on a task.</summary>
public sealed partial class NodeHeartbeat(
    IServiceScopeFactory scopes, IOptions<NodeOptions> options, IOptions<IndexingOptions> indexing, TimeProvider clock,
    ILogger<NodeHeartbeat> logger) : BackgroundService
{
    /// <summary>Rows of killed processes are deleted after this time.</summary>
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromDays(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
            await WithDatabaseAsync(WriteHeartbeatAsync, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WithDatabaseAsync(
            (db, token) => db.Nodes.Where(node => node.Name == options.Value.Name).ExecuteDeleteAsync(token), cancellationToken);
    }

    private async Task WriteHeartbeatAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        var (name, role, now) = (options.Value.Name, options.Value.Role.ToString().ToLowerInvariant(), clock.GetUtcNow());
        var workers = options.Value.Role == NodeRole.Api ? 0 : indexing.Value.Workers;
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO nodes (name, role, version, workers, started_at, heartbeat_at)
            VALUES ({name}, {role}, {ServerVersion.Text}, {workers}, {_startedAt}, {now})
            ON CONFLICT (name) DO UPDATE SET role = excluded.role, version = excluded.version, workers = excluded.workers,
                started_at = excluded.started_at, heartbeat_at = excluded.heartbeat_at
            """, cancellationToken);
        var oldest = now - RetentionPeriod;
        await db.Nodes.Where(node => node.HeartbeatAt < oldest).ExecuteDeleteAsync(cancellationToken);
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
            // Not retried: the next heartbeat follows soon, and other code reports the outage.
            LogFailed(logger, failure);
        }
    }

    [LoggerMessage(EventId = 3200, Level = LogLevel.Debug, Message = "The heartbeat of this node could not be written")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
