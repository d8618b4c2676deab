using Hangfire;
using VideoUnderstanding.Indexing;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Indexes the video of a task. Not retried by Hangfire: the task's row knows what is left to do, and the sweeper queues it again.</summary>
[Queue(JobQueues.Indexing), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class IndexVideoJob(IndexingPipeline pipeline)
{
    public Task RunAsync(string taskId, CancellationToken cancellationToken) => pipeline.RunAsync(taskId, cancellationToken);
}
