using Hangfire;
using VideoUnderstanding.Indexing.Upkeep;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Queues tasks that are unfinished and not in the queue.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class SweepTasksJob(OrphanedTasks orphans, WaitingJobs waiting, IndexingQueue queue)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var queued = waiting.Read<IndexVideoJob>(JobQueues.Indexing);
        foreach (var taskId in await orphans.FindAsync(cancellationToken))
            if (!queued.Contains(taskId))
                queue.Enqueue(taskId);
    }
}
