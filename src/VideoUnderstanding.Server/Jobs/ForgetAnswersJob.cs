using Hangfire;
using VideoUnderstanding.Indexing.Upkeep;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Deletes stored results whose pages have expired.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class ForgetAnswersJob(StorageCleanup cleanup)
{
    public Task RunAsync(CancellationToken cancellationToken) => cleanup.DeleteExpiredAnswersAsync(cancellationToken);
}
