using Hangfire;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Indexes the next task. The job does not name the task, so a lost job loses no task, and a surplus job ends at once. Hangfire
/// does not retry the job, because the row of the task has its progress.</summary>
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
            // After other failures the recurring job starts the next one, so that a repeated failure does not keep the processor busy.
            if (taskId is null)
                return;
        }
        await ContinueAsync();
        if (taskId is not null)
            await deliveries.EnqueueAsync(taskId, cancellationToken);
    }

    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Queues a job, because this worker can take another task. A stopping process queues jobs for all workers of the other
    /// processes.</summary>
    private Task ContinueAsync() => starter.StartAsync(IsStopping ? int.MaxValue : 1, CancellationToken.None);
}
