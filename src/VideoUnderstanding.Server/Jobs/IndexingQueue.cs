using Hangfire;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Queues tasks whose rows are committed. Lost or duplicate calls do no harm: the sweeper queues lost tasks, and a lease prevents
/// concurrent runs.</summary>
public sealed class IndexingQueue(IBackgroundJobClient jobs)
{
    public void Enqueue(string taskId) => jobs.Enqueue<IndexVideoJob>(job => job.RunAsync(taskId, CancellationToken.None));
}
