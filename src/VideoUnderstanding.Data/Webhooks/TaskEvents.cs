using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>
/// Writes down that a task became ready or failed, and for whom that is news. Called inside the transaction that ends the task: either both
/// are true or neither is, and a crash right after it loses nothing.
/// </summary>
public static class TaskEvents
{
    /// <param name="taskId">The task, whose row already says how it ended.</param>
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
        // Locked until the deliveries refer to them: an endpoint that is being removed right now must not make the task's own end fail.
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
            Since = now,
            NextTryAt = now,
        }));
        await db.SaveChangesAsync(cancellationToken);
    }

    internal static string NewId() => $"whe_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
}
