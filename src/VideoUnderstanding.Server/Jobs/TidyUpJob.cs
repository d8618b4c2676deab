using Hangfire;
using VideoUnderstanding.Indexing.Upkeep;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Deletes expired and orphaned files, webhook events and attempts.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class TidyUpJob(StorageCleanup cleanup, WebhookCleanup webhooks)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await cleanup.CleanUpAsync(cancellationToken);
        await webhooks.CleanUpAsync(cancellationToken);
    }
}
