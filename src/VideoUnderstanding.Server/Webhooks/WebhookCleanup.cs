using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Deletes old webhook events and attempts.</summary>
public sealed partial class WebhookCleanup(
    VideoDbContext db, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<WebhookCleanup> logger)
{
    /// <summary>Deletes events older than the retention period without waiting deliveries, and attempts beyond the limit per
    /// webhook.</summary>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow().AddDays(-options.Value.KeepDays);
        var events = await db.WebhookEvents
            .Where(webhookEvent => webhookEvent.CreatedAt < oldest
                && !db.WebhookDeliveries.Any(delivery => delivery.EventId == webhookEvent.Id && delivery.State == DeliveryState.Waiting))
            .ExecuteDeleteAsync(cancellationToken);
        var attempts = await db.Database.ExecuteSqlAsync($"""
            DELETE FROM webhook_attempts WHERE id IN (
                SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY endpoint_id ORDER BY sent_at DESC, id DESC) AS row_rank
                    FROM webhook_attempts) AS ranked
                WHERE row_rank > {options.Value.KeepAttempts})
            """, cancellationToken);
        LogDeleted(logger, events, attempts);
    }

    [LoggerMessage(EventId = 3030, Level = LogLevel.Information,
        Message = "Deleted {Events} old webhook events and {Attempts} old delivery attempts")]
    private static partial void LogDeleted(ILogger logger, int events, int attempts);
}
