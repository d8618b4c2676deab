using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Server.Telemetry;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>One attempt of a delivery: claims the row, sends the notification, stores the result.</summary>
public sealed partial class DeliveryAttempt(VideoDbContext db, WebhookSender sender, WebhookQueue queue, IOptions<WebhookOptions> options,
    TimeProvider clock, ILogger<DeliveryAttempt> logger)
{
    /// <summary>Added to the send timeout for reading and writing the rows.</summary>
    private static readonly TimeSpan ClaimMargin = TimeSpan.FromSeconds(30);

    /// <summary>Does nothing if the delivery is not due or claimed by another worker, or if its webhook is disabled or deleted.</summary>
    public async Task RunAsync(string deliveryId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // Truncated to microseconds, the precision of the database, because it is compared with the row later.
        var claimedUntil = now + TimeSpan.FromSeconds(options.Value.TimeoutSeconds) + ClaimMargin;
        claimedUntil = claimedUntil.AddTicks(-(claimedUntil.Ticks % TimeSpan.TicksPerMicrosecond));
        var claimed = await db.WebhookDeliveries
            .Where(delivery => delivery.Id == deliveryId && delivery.NextAttemptAt <= now
                && db.WebhookEndpoints.Any(endpoint => endpoint.Id == delivery.EndpointId && endpoint.Enabled))
            .ExecuteUpdateAsync(delivery => delivery
                .SetProperty(row => row.NextAttemptAt, claimedUntil)
                .SetProperty(row => row.Attempts, row => row.Attempts + 1), cancellationToken);
        if (claimed == 1 && await ReadAsync(deliveryId, cancellationToken) is { } notification)
            await RecordResultAsync(deliveryId, claimedUntil, await sender.SendAsync(notification, cancellationToken), cancellationToken);
    }

    /// <summary>Reads the current address and secret, so that changes apply to the next attempt.</summary>
    private async Task<Notification?> ReadAsync(string deliveryId, CancellationToken cancellationToken) => await db.WebhookDeliveries
        .Where(delivery => delivery.Id == deliveryId)
        .Join(db.WebhookEndpoints, delivery => delivery.EndpointId, endpoint => endpoint.Id,
            (delivery, endpoint) => new { delivery.EventId, endpoint.Url, endpoint.Secret })
        .Join(db.WebhookEvents, both => both.EventId, webhookEvent => webhookEvent.Id,
            (both, webhookEvent) => new Notification(both.Url, both.Secret, webhookEvent.Body))
        .SingleOrDefaultAsync(cancellationToken);

    private async Task RecordResultAsync(
        string deliveryId, DateTimeOffset claimedUntil, SendingResult result, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // Locked against deletion and replay. Without a row, the webhook was deleted during the attempt.
            var rows = await db.WebhookDeliveries.FromSql($"SELECT * FROM webhook_deliveries WHERE id = {deliveryId} FOR UPDATE")
                .ToListAsync(cancellationToken);
            if (rows is not [var delivery])
                return;
            db.WebhookAttempts.Add(CreateAttempt(delivery, result));
            // If the delivery was replayed meanwhile, it is due again and keeps its new time.
            if (delivery.NextAttemptAt == claimedUntil)
                next = ScheduleNext(delivery, result);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        if (next is { } at)
            queue.Schedule(deliveryId, at);
    }

    private DateTimeOffset? ScheduleNext(WebhookDelivery delivery, SendingResult result)
    {
        var now = clock.GetUtcNow();
        delivery.NextAttemptAt = result.Error is null ? null
            : RetryDelays.Next(options.Value, delivery.Attempts, delivery.RetryPeriodStartedAt, now);
        if (delivery.NextAttemptAt is null)
        {
            delivery.State = result.Error is null ? DeliveryState.Delivered : DeliveryState.Failed;
            delivery.FinishedAt = now;
        }
        ServerTelemetry.CountAttempt(delivery.State);
        if (delivery.State == DeliveryState.Failed)
            LogFailed(logger, delivery.EventId, delivery.EndpointId, delivery.Attempts);
        else if (result.Error is not null)
            LogNotDelivered(logger, delivery.EventId, delivery.Attempts, delivery.EndpointId, result.Error);
        return delivery.NextAttemptAt;
    }

    private WebhookAttempt CreateAttempt(WebhookDelivery delivery, SendingResult result) => new()
    {
        Id = ObjectIds.New(clock),
        DeliveryId = delivery.Id,
        EndpointId = delivery.EndpointId,
        EventId = delivery.EventId,
        SentAt = result.SentAt,
        Status = result.Status,
        Duration = result.Duration,
        Error = result.Error is { Length: > WebhookAttempt.MaxErrorLength } error ? error[..WebhookAttempt.MaxErrorLength] : result.Error,
    };

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning,
        Message = "Event {EventId}: attempt {Attempt} to deliver to webhook {EndpointId} failed: {Reason}")]
    private static partial void LogNotDelivered(ILogger logger, string eventId, int attempt, string endpointId, string reason);

    [LoggerMessage(EventId = 3021, Level = LogLevel.Error,
        Message = "Event {EventId}: delivery to webhook {EndpointId} failed after {Attempts} attempts")]
    private static partial void LogFailed(ILogger logger, string eventId, string endpointId, int attempts);
}

/// <summary>Computes retries of a failed delivery: exponential backoff with a maximum delay and a time limit.</summary>
public static class RetryDelays
{
    /// <param name="attempts">Number of attempts so far, from 1.</param>
    /// <param name="since">Time when the first attempt was due.</param>
    /// <returns>Time of the next attempt; null if there is none.</returns>
    public static DateTimeOffset? Next(WebhookOptions options, int attempts, DateTimeOffset since, DateTimeOffset now)
    {
        var seconds = Math.Min(options.FirstRetryDelaySeconds * Math.Pow(2, attempts - 1), options.MaxRetryDelaySeconds);
        var next = now.AddSeconds(seconds);
        return next <= since.AddHours(options.RetryHours) ? next : null;
    }
}
