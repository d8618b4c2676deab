using Hangfire;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Queues deliveries whose rows are committed. Lost or duplicate calls do no harm: the sweeper queues due deliveries, and an
/// attempt claims its delivery before it sends.</summary>
public sealed partial class WebhookQueue(IBackgroundJobClient jobs, ILogger<WebhookQueue> logger)
{
    public void Enqueue(string deliveryId)
        => RunOrLog(deliveryId, () => jobs.Enqueue<DeliverWebhookJob>(job => job.RunAsync(deliveryId, CancellationToken.None)));

    public void Schedule(string deliveryId, DateTimeOffset at)
        => RunOrLog(deliveryId, () => jobs.Schedule<DeliverWebhookJob>(job => job.RunAsync(deliveryId, CancellationToken.None), at));

    private void RunOrLog(string deliveryId, Action queue)
    {
        try
        {
            queue();
        }
        catch (BackgroundJobClientException failure)
        {
            LogNotQueued(logger, failure, deliveryId);
        }
    }

    [LoggerMessage(EventId = 3010, Level = LogLevel.Warning,
        Message = "Webhook delivery {DeliveryId} could not be queued; the sweeper will queue it")]
    private static partial void LogNotQueued(ILogger logger, Exception exception, string deliveryId);
}
