using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Keeps events and their log within bounds of time and number.</summary>
public sealed partial class WebhookUpkeep(
    VideoDbContext db, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<WebhookUpkeep> logger)
{
    /// <summary>Events that are still on their way stay, however old they are.</summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow().AddDays(-options.Value.KeepDays);
        var events = await db.WebhookEvents
            .Where(happened => happened.CreatedAt < oldest
                && !db.WebhookDeliveries.Any(delivery => delivery.EventId == happened.Id && delivery.State == DeliveryState.Waiting))
            .ExecuteDeleteAsync(cancellationToken);
        var attempts = await db.Database.ExecuteSqlAsync($"""
            DELETE FROM webhook_attempts WHERE id IN (
                SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY endpoint_id ORDER BY sent_at DESC, id DESC) AS place
                    FROM webhook_attempts) AS placed
                WHERE place > {options.Value.KeepAttempts})
            """, cancellationToken);
        LogTidied(logger, events, attempts);
    }

    [LoggerMessage(EventId = 3030, Level = LogLevel.Information,
        Message = "Tidied up: {Events} old events, {Attempts} old tries at webhooks")]
    private static partial void LogTidied(ILogger logger, int events, int attempts);
}
