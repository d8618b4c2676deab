using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>
/// Stores the event that a task became ready or failed, and its deliveries. Called within the transaction that ends the task, so that both
/// are committed together (transactional outbox).
/// </summary>
public static class TaskEvents
{
    /// <param name="taskId">Id of a task whose row already has its final state.</param>
    public static async Task WriteAsync(VideoDbContext db, string taskId, TimeProvider clock, CancellationToken cancellationToken)
    {
        var ended = await db.Tasks.AsNoTracking().Where(task => task.Id == taskId)
            .Join(db.Indexes, task => task.IndexId, index => index.Id, (task, index) => new { Task = task, Index = index })
            .SingleAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var (id, type) = (NewId(), ended.Task.State == TaskState.Ready ? WebhookEventTypes.TaskReady : WebhookEventTypes.TaskFailed);
        db.WebhookEvents.Add(new WebhookEvent
        {
            Id = id,
            AccountId = ended.Task.AccountId,
            Type = type,
            TaskId = taskId,
            Body = TaskEventBody.Write(id, type, now, ended.Task, ended.Index),
            CreatedAt = now,
        });
        // FOR KEY SHARE: the concurrent deletion of an endpoint must not make this transaction fail.
        var endpoints = await db.WebhookEndpoints
            .FromSql($"""
                SELECT * FROM webhook_endpoints WHERE account_id = {ended.Task.AccountId} AND enabled
                    AND {type} = ANY (events) FOR KEY SHARE
                """)
            .AsNoTracking().ToListAsync(cancellationToken);
        db.WebhookDeliveries.AddRange(endpoints.Select(endpoint => new WebhookDelivery
        {
            Id = ObjectIds.New(clock),
            EventId = id,
            EndpointId = endpoint.Id,
            RetryPeriodStartedAt = now,
            NextAttemptAt = now,
        }));
        await db.SaveChangesAsync(cancellationToken);
    }

    internal static string NewId() => $"whe_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
}
