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
        string? taskId = null;
        if (!IsStopping)
        {
            try
            {
                taskId = await pipeline.RunNextAsync(cancellationToken);
            }
            catch when (IsStopping)
            {
                await ContinueAsync();
                throw;
            }
            // After another failure the recurring job continues, so that one that repeats does not keep the processor busy.
            if (taskId is null)
                return;
        }
        await ContinueAsync();
        if (taskId is not null)
            await deliveries.EnqueueAsync(taskId, cancellationToken);
    }

    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>This worker can take another task. A process that stops leaves the tasks to all the others.</summary>
    private Task ContinueAsync() => starter.StartAsync(IsStopping ? int.MaxValue : 1, CancellationToken.None);
}
