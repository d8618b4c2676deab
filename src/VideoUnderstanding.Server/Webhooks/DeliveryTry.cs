using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Server.Telemetry;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>One try at one delivery: taken in the row first, then sent, then written down.</summary>
public sealed partial class DeliveryTry(VideoDbContext db, WebhookSender sender, WebhookQueue queue, IOptions<WebhookOptions> options,
    TimeProvider clock, ILogger<DeliveryTry> logger)
{
    /// <summary>Beyond the time of a sending, what reading and writing the rows may take.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Does nothing when the delivery is not due, is being tried by somebody else, or its endpoint is disabled or gone.</summary>
    public async Task RunAsync(string deliveryId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // In whole microseconds, as the database keeps it: the time is compared with the row later.
        var until = now + TimeSpan.FromSeconds(options.Value.TimeoutSeconds) + Margin;
        until = until.AddTicks(-(until.Ticks % TimeSpan.TicksPerMicrosecond));
        var taken = await db.WebhookDeliveries
            .Where(delivery => delivery.Id == deliveryId && delivery.NextTryAt <= now
                && db.WebhookEndpoints.Any(endpoint => endpoint.Id == delivery.EndpointId && endpoint.Enabled))
            .ExecuteUpdateAsync(delivery => delivery
                .SetProperty(row => row.NextTryAt, until)
                .SetProperty(row => row.Tries, row => row.Tries + 1), cancellationToken);
        if (taken == 1 && await ReadAsync(deliveryId, cancellationToken) is { } notification)
            await SettleAsync(deliveryId, until, await sender.SendAsync(notification, cancellationToken), cancellationToken);
    }

    /// <summary>The address and the secret as they are now: a rotated secret counts from the next sending on.</summary>
    private async Task<Notification?> ReadAsync(string deliveryId, CancellationToken cancellationToken) => await db.WebhookDeliveries
        .Where(delivery => delivery.Id == deliveryId)
        .Join(db.WebhookEndpoints, delivery => delivery.EndpointId, endpoint => endpoint.Id,
            (delivery, endpoint) => new { delivery.EventId, endpoint.Url, endpoint.Secret })
        .Join(db.WebhookEvents, both => both.EventId, happened => happened.Id,
            (both, happened) => new Notification(both.Url, both.Secret, happened.Body))
        .SingleOrDefaultAsync(cancellationToken);

    private async Task SettleAsync(string deliveryId, DateTimeOffset until, SendingResult result, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // Locked, so that it is neither removed nor replayed in between. Gone means that the endpoint was removed while it answered.
            var rows = await db.WebhookDeliveries.FromSql($"SELECT * FROM webhook_deliveries WHERE id = {deliveryId} FOR UPDATE")
                .ToListAsync(cancellationToken);
            if (rows is not [var delivery])
                return;
            db.WebhookAttempts.Add(Log(delivery, result));
            // A replay that came meanwhile has made the delivery due again, and then it stays so.
            if (delivery.NextTryAt == until)
                next = Decide(delivery, result);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        if (next is { } at)
            queue.Schedule(deliveryId, at);
    }

    private DateTimeOffset? Decide(WebhookDelivery delivery, SendingResult result)
    {
        var now = clock.GetUtcNow();
        delivery.NextTryAt = result.Error is null ? null : RetryPauses.Next(options.Value, delivery.Tries, delivery.Since, now);
        if (delivery.NextTryAt is null)
        {
            delivery.State = result.Error is null ? DeliveryState.Delivered : DeliveryState.Failed;
            delivery.FinishedAt = now;
        }
        ServerTelemetry.Delivered(delivery.State);
        if (delivery.State == DeliveryState.Failed)
            LogGivenUp(logger, delivery.EventId, delivery.EndpointId, delivery.Tries);
        else if (result.Error is not null)
            LogNotDelivered(logger, delivery.EventId, delivery.EndpointId, delivery.Tries, result.Error);
        return delivery.NextTryAt;
    }

    private WebhookAttempt Log(WebhookDelivery delivery, SendingResult result) => new()
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
        Message = "Event {EventId}: not delivered to webhook {EndpointId} at try {Try}: {Reason}")]
    private static partial void LogNotDelivered(ILogger logger, string eventId, string endpointId, int @try, string reason);

    [LoggerMessage(EventId = 3021, Level = LogLevel.Error,
        Message = "Event {EventId}: given up for webhook {EndpointId} after {Tries} tries")]
    private static partial void LogGivenUp(ILogger logger, string eventId, string endpointId, int tries);
}
