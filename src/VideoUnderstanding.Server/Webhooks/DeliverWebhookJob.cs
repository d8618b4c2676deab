using Hangfire;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Makes one attempt of a delivery. Hangfire does not retry it: the row of the delivery has the time of the next
/// attempt.</summary>
[Queue(JobQueues.Notify), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class DeliverWebhookJob(DeliveryAttempt attempt)
{
    public Task RunAsync(string deliveryId, CancellationToken cancellationToken) => attempt.RunAsync(deliveryId, cancellationToken);
}
