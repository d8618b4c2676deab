using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Webhooks.Administration;

/// <summary>Filters of the lists of the administration API.</summary>
internal static class WebhookLists
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static ListTable<WebhookEndpoint> Endpoints { get; } = new(
    [
        ListFields.Id<WebhookEndpoint>("_id", endpoint => endpoint.Id),
        ListFields.Text<WebhookEndpoint>("url", endpoint => endpoint.Url),
    ], endpoint => endpoint.Id, endpoint => endpoint.CreatedAt, endpoint => endpoint.UpdatedAt, OldestFirst: true);

    public static ListTable<WebhookEvent> Events { get; } = new(
    [
        ListFields.Text<WebhookEvent>("type", webhookEvent => webhookEvent.Type),
        ListFields.Id<WebhookEvent>("task_id", webhookEvent => webhookEvent.TaskId),
        ListFields.Time<WebhookEvent>("created_at", webhookEvent => webhookEvent.CreatedAt, Millisecond),
    ], webhookEvent => webhookEvent.Id, webhookEvent => webhookEvent.CreatedAt, webhookEvent => webhookEvent.CreatedAt);

    public static ListTable<WebhookAttempt> Attempts { get; } = new(
    [
        ListFields.Text<WebhookAttempt>("event_id", attempt => attempt.EventId),
        ListFields.Time<WebhookAttempt>("sent_at", attempt => attempt.SentAt, Millisecond),
    ], attempt => attempt.Id, attempt => attempt.SentAt, attempt => attempt.SentAt);
}
