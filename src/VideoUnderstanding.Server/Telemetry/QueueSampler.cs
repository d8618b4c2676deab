using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Telemetry;

/// <summary>Records the queue metrics every 15 seconds.</summary>
public sealed partial class QueueSampler(IServiceScopeFactory scopes, TimeProvider clock, ILogger<QueueSampler> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private static readonly TaskState[] Unfinished = [TaskState.Validating, TaskState.Pending, TaskState.Indexing];

    /// <summary>Counts the unfinished tasks and records the metrics.</summary>
    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        var states = await db.Tasks.Where(task => Unfinished.Contains(task.State)).GroupBy(task => task.State)
            .Select(group => new { State = group.Key, Count = group.LongCount(), Oldest = group.Min(task => task.CreatedAt) })
            .ToDictionaryAsync(group => group.State, cancellationToken);
        foreach (var state in Unfinished)
            ServerTelemetry.CountTasks(state, states.GetValueOrDefault(state)?.Count ?? 0);
        var now = clock.GetUtcNow();
        ServerTelemetry.RecordQueueAge(states.Values.Where(group => group.State != TaskState.Indexing)
            .Select(group => now - group.Oldest).DefaultIfEmpty(TimeSpan.Zero).Max());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                await SampleAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Not retried: the next sample follows soon, and a database outage is logged elsewhere.
                LogNotSampled(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 3100, Level = LogLevel.Debug, Message = "The queue of tasks could not be counted")]
    private static partial void LogNotSampled(ILogger logger, Exception exception);
}
