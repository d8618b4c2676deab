using Hangfire;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Queues deliveries that are due and in no queue: after a crash, or after a verb of the command line asked for them.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class SweepWebhooksJob(DueDeliveries due, WaitingJobs waiting, WebhookQueue queue)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var queued = waiting.Read<DeliverWebhookJob>(JobQueues.Webhooks);
        foreach (var deliveryId in await due.FindAsync(cancellationToken))
            if (!queued.Contains(deliveryId))
                queue.Enqueue(deliveryId);
    }
}
