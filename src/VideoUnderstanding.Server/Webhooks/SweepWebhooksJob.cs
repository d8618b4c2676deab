using Hangfire;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Queues deliveries that are due and not in the queue, for example after a crash or a replay by the command line.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class SweepWebhooksJob(DueDeliveries due, WaitingJobs waiting, WebhookQueue queue)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var queued = waiting.Read<DeliverWebhookJob>(JobQueues.Notify);
        foreach (var deliveryId in await due.FindAsync(cancellationToken))
            if (!queued.Contains(deliveryId))
                queue.Enqueue(deliveryId);
    }
}
