using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Server.App.Operator;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Nodes;

/// <summary>Writes the heartbeat of this process to the database, and deletes its row at shutdown. The rows show the number of workers and
/// whether a GPU node runs; leases decide which process works on a task.</summary>
public sealed partial class NodeHeartbeat(
    IServiceScopeFactory scopes, WorkerNode self, TaskStarter starter, IOptions<NodeOptions> options, TimeProvider clock,
    ILogger<NodeHeartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private bool _isKnown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            if (await WithDatabaseAsync(WriteHeartbeatAsync, stoppingToken) && !_isKnown)
            {
                _isKnown = true;
                await starter.StartAsync(int.MaxValue, stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WithDatabaseAsync(
            (db, token) => db.Nodes.Where(node => node.Name == self.Name).ExecuteDeleteAsync(token), cancellationToken);
    }

    /// <summary>All times are those of the database, so that the clocks of the nodes need not agree.</summary>
    private async Task WriteHeartbeatAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        var role = options.Value.Role.ToString().ToLowerInvariant();
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO nodes (name, role, version, workers, device, started_at, heartbeat_at)
            VALUES ({self.Name}, {role}, {ServerVersion.Text}, {self.Workers}, {self.Device}, clock_timestamp(), clock_timestamp())
            ON CONFLICT (name) DO UPDATE SET role = excluded.role, version = excluded.version, workers = excluded.workers,
                device = excluded.device, heartbeat_at = excluded.heartbeat_at,
                started_at = CASE WHEN {_isKnown} THEN nodes.started_at ELSE excluded.started_at END
            """, cancellationToken);
        // The rows of killed processes.
        await db.Database.ExecuteSqlAsync($"DELETE FROM nodes WHERE heartbeat_at < clock_timestamp() - interval '1 day'",
            cancellationToken);
    }

    /// <returns>False if the database did not answer.</returns>
    private async Task<bool> WithDatabaseAsync(
        Func<VideoDbContext, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider.GetRequiredService<VideoDbContext>(), cancellationToken);
            return true;
        }
        catch (Exception failure)
            when (failure is DbException or TimeoutException or InvalidOperationException { InnerException: DbException })
        {
            // Not retried: the next heartbeat follows soon, and other code reports the outage.
            LogFailed(logger, failure);
            return false;
        }
    }

    [LoggerMessage(EventId = 3200, Level = LogLevel.Debug, Message = "The heartbeat of this node could not be written")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
