using Hangfire;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Indexes the video of a task. Not retried by Hangfire: the task's row knows what is left to do, and the sweeper queues it
/// again.</summary>
[Queue(JobQueues.Indexing), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class IndexVideoJob(IndexingPipeline pipeline, DueDeliveries news, IndexingQueue queue)
{
    public async Task RunAsync(string taskId, CancellationToken cancellationToken)
    {
        if (await pipeline.RunAsync(taskId, cancellationToken))
            await news.EnqueueAsync(taskId, cancellationToken);
        else
            // This server stops. Another one goes on at once; without one the next start does.
            queue.Enqueue(taskId);
    }
}
