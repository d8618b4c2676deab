using Hangfire;
using VideoUnderstanding.Indexing.Upkeep;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Removes what has expired or belongs to nothing.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class TidyUpJob(Janitor janitor, WebhookUpkeep webhooks)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await janitor.TidyAsync(cancellationToken);
        await webhooks.TidyAsync(cancellationToken);
    }
}
