using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Webhooks;

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
