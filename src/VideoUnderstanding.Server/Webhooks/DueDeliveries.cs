using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Finds what is to be sent now.</summary>
public sealed class DueDeliveries(VideoDbContext db, WebhookQueue queue, TimeProvider clock)
{
    /// <summary>Deliveries that one sweep queues, at most; the next one goes on.</summary>
    private const int BatchSize = 500;

    /// <returns>Identifiers, longest overdue first. Some may be waiting in the queue already.</returns>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
        => await Due().OrderBy(delivery => delivery.NextTryAt).Take(BatchSize).Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken);

    /// <summary>Queues what is to be told about a task that has just ended; nothing when it has not.</summary>
    public async Task EnqueueAsync(string taskId, CancellationToken cancellationToken)
    {
        var events = db.WebhookEvents.Where(happened => happened.TaskId == taskId).Select(happened => happened.Id);
        foreach (var id in await Due().Where(delivery => events.Contains(delivery.EventId)).Select(delivery => delivery.Id)
            .ToListAsync(cancellationToken))
            queue.Enqueue(id);
    }

    private IQueryable<WebhookDelivery> Due()
    {
        var now = clock.GetUtcNow();
        return db.WebhookDeliveries.Where(delivery => delivery.NextTryAt <= now
            && db.WebhookEndpoints.Any(endpoint => endpoint.Id == delivery.EndpointId && endpoint.Enabled));
    }
}
