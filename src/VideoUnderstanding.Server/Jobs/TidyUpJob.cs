using Hangfire;
using VideoUnderstanding.Indexing.Upkeep;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Removes what has expired or belongs to nothing.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class TidyUpJob(Janitor janitor)
{
    public Task RunAsync(CancellationToken cancellationToken) => janitor.TidyAsync(cancellationToken);
}
