using Hangfire;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Indexes the next task. The job says nothing about which one, so a lost job loses no task, and a surplus one ends at once.
/// Hangfire does not retry it: the row of the task has its progress.</summary>
[AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class IndexNextTaskJob(
    IndexingPipeline pipeline, DueDeliveries deliveries, TaskStarter starter, IHostApplicationLifetime lifetime)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await starter.StartAsync(1, cancellationToken);
            return;
        }
        string? taskId;
        try
        {
            taskId = await pipeline.RunNextAsync(cancellationToken);
        }
        catch
        {
            // The worker is free, whatever interrupted the attempt.
            await starter.StartAsync(1, CancellationToken.None);
            throw;
        }
        if (taskId is null)
            return;
        await starter.StartAsync(1, CancellationToken.None);
        await deliveries.EnqueueAsync(taskId, cancellationToken);
    }
}
