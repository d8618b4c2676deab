using Hangfire;
using VideoUnderstanding.Indexing.Upkeep;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Removes what has expired or belongs to nothing.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class TidyUpJob(StorageCleanup cleanup, WebhookUpkeep webhooks)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await cleanup.CleanUpAsync(cancellationToken);
        await webhooks.TidyAsync(cancellationToken);
    }
}
