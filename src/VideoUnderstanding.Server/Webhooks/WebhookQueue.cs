using Hangfire;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>
/// Where a delivery is put after its row is committed. Losing or doubling a call does no harm: the sweeper finds what is due, and a try
/// takes its delivery before it sends.
/// </summary>
public sealed partial class WebhookQueue(IBackgroundJobClient jobs, ILogger<WebhookQueue> logger)
{
    public void Enqueue(string deliveryId)
        => Try(deliveryId, () => jobs.Enqueue<DeliverWebhookJob>(job => job.RunAsync(deliveryId, CancellationToken.None)));

    public void Schedule(string deliveryId, DateTimeOffset at)
        => Try(deliveryId, () => jobs.Schedule<DeliverWebhookJob>(job => job.RunAsync(deliveryId, CancellationToken.None), at));

    private void Try(string deliveryId, Action queue)
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
