using Hangfire;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Jobs;

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

/// <summary>Makes one attempt of a delivery. Hangfire does not retry it: the row of the delivery has the time of the next
/// attempt.</summary>
[Queue(JobQueues.Notify), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class DeliverWebhookJob(DeliveryAttempt attempt)
{
    public Task RunAsync(string deliveryId, CancellationToken cancellationToken) => attempt.RunAsync(deliveryId, cancellationToken);
}

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

/// <summary>Finds deliveries that are due.</summary>
public sealed class DueDeliveries(VideoDbContext db, WebhookQueue queue, TimeProvider clock)
{
    /// <summary>Maximum deliveries per sweep.</summary>
    private const int BatchSize = 500;

    /// <returns>Ids of deliveries, longest overdue first. Some may already be in the queue.</returns>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
        => await Due().OrderBy(delivery => delivery.NextAttemptAt).Take(BatchSize).Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken);

    /// <summary>Queues the due deliveries of a task's events; none if the task has not ended.</summary>
    public async Task EnqueueAsync(string taskId, CancellationToken cancellationToken)
    {
        var events = db.WebhookEvents.Where(webhookEvent => webhookEvent.TaskId == taskId).Select(webhookEvent => webhookEvent.Id);
        foreach (var id in await Due().Where(delivery => events.Contains(delivery.EventId)).Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken))
            queue.Enqueue(id);
    }

    private IQueryable<WebhookDelivery> Due()
    {
        var now = clock.GetUtcNow();
        return db.WebhookDeliveries.Where(delivery => delivery.NextAttemptAt <= now
            && db.WebhookEndpoints.Any(endpoint => endpoint.Id == delivery.EndpointId && endpoint.Enabled));
    }
}
