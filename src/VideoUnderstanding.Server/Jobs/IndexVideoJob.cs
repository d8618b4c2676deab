using Hangfire;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Indexes the video of a task. Hangfire does not retry it: the row of the task has its progress, and the sweeper queues it
/// again.</summary>
[Queue(JobQueues.Indexing), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class IndexVideoJob(IndexingPipeline pipeline, DueDeliveries deliveries, IndexingQueue queue)
{
    public async Task RunAsync(string taskId, CancellationToken cancellationToken)
    {
        if (await pipeline.RunAsync(taskId, cancellationToken))
            await deliveries.EnqueueAsync(taskId, cancellationToken);
        else
            // This server is stopping. Another server continues immediately, or this one after its restart.
            queue.Enqueue(taskId);
    }
}
