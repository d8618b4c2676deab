using Hangfire;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Tries one delivery once. Not retried by Hangfire: the delivery's row knows when the next try is due.</summary>
[Queue(JobQueues.Webhooks), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class DeliverWebhookJob(DeliveryTry attempt)
{
    public Task RunAsync(string deliveryId, CancellationToken cancellationToken) => attempt.RunAsync(deliveryId, cancellationToken);
}
