using Hangfire;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Where a task is put after its rows are committed. Losing or doubling a call does no harm: the sweeper finds the row, and a
/// lease lets it run once.</summary>
public sealed class IndexingQueue(IBackgroundJobClient jobs)
{
    public void Enqueue(string taskId) => jobs.Enqueue<IndexVideoJob>(job => job.RunAsync(taskId, CancellationToken.None));
}
