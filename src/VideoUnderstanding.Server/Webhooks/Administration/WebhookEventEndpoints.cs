using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Webhooks.Administration;

public static class WebhookEventEndpoints
{
    private const string Collection = "events";

    public static void MapWebhookEvents(this RouteGroupBuilder webhooks)
    {
        webhooks.MapGet("/events", ListEventsAsync);
        webhooks.MapGet("/events/{eventId}", RetrieveEventAsync);
        webhooks.MapPost("/events/{eventId}/replay", ReplayEventAsync);
        webhooks.MapPost("/{webhookId}/test", TestWebhookAsync);
    }

    private static async Task<Ok<ListResponse<WebhookEventResponse>>> ListEventsAsync(
        HttpRequest request, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        var events = db.WebhookEvents.AsNoTracking().OwnedBy(caller.AccountId);
        var (rows, info) = await ListQuery<WebhookEvent>.Read(request.Query, WebhookLists.Events).RunAsync(events, cancellationToken);
        var deliveries = await DeliveriesAsync(db, [.. rows.Select(webhookEvent => webhookEvent.Id)], cancellationToken);
        return TypedResults.Ok(
            new ListResponse<WebhookEventResponse>(
                [.. rows.Select(webhookEvent => WebhookEventResponse.From(webhookEvent, deliveries[webhookEvent.Id]))], info));
    }

    private static async Task<Results<Ok<WebhookEventResponse>, ApiError>> RetrieveEventAsync(
        string eventId, Caller caller, VideoDbContext db, WebhookRegistry registry, CancellationToken cancellationToken)
        => await registry.FindEventAsync(caller.AccountId, eventId, cancellationToken) is { } webhookEvent
            ? TypedResults.Ok(WebhookEventResponse.From(webhookEvent, (await DeliveriesAsync(db, [eventId], cancellationToken))[eventId]))
            : ApiError.NotFound(Collection, eventId);

    private static async Task<Results<Accepted<ReplayResponse>, ApiError>> ReplayEventAsync(
        string eventId, JsonBody<ReplayEventRequest> body, Caller caller, WebhookRegistry registry, WebhookQueue queue,
        CancellationToken cancellationToken)
    {
        if (await registry.FindEventAsync(caller.AccountId, eventId, cancellationToken) is not { } webhookEvent)
            return ApiError.NotFound(Collection, eventId);
        var endpoints = await registry.SubscribersAsync(webhookEvent, cancellationToken);
        if (body.Value.WebhookId is { } id)
        {
            if (await registry.FindAsync(caller.AccountId, id, cancellationToken) is not { } webhook)
                return ApiError.NotFound(OwnedWebhook.Collection, id);
            if (!webhook.Enabled)
                return ApiError.Invalid("webhook_id", "The webhook is disabled. Please enable it and try again.");
            endpoints = [webhook];
        }
        var webhookIds = new List<string>();
        foreach (var endpoint in endpoints)
        {
            if (await registry.ReplayAsync(webhookEvent, endpoint, cancellationToken) is not { } deliveryId)
                continue;
            queue.Enqueue(deliveryId);
            webhookIds.Add(endpoint.Id);
        }
        return TypedResults.Accepted((string?)null, new ReplayResponse(webhookIds));
    }

    private static async Task<Results<Accepted<WebhookTestResponse>, ApiError>> TestWebhookAsync(
        OwnedWebhook webhook, WebhookRegistry registry, WebhookQueue queue, CancellationToken cancellationToken)
    {
        var id = webhook.Row.Id;
        if (!webhook.Row.Enabled)
            return ApiError.Invalid("webhook-id", "The webhook is disabled. Please enable it and try again.");
        if (await registry.CountTestsAsync(webhook.Row, cancellationToken) >= WebhookRegistry.MaxTestsPerHour)
            return ApiError.UsageLimit(
                $"A webhook can be tested {WebhookRegistry.MaxTestsPerHour} times in an hour. Please try again later.");
        if (await registry.TestAsync(webhook.Row, cancellationToken) is not var (eventId, deliveryId))
            return ApiError.NotFound(OwnedWebhook.Collection, id);
        queue.Enqueue(deliveryId);
        return TypedResults.Accepted((string?)null, new WebhookTestResponse(eventId));
    }

    private static async Task<ILookup<string, WebhookDeliveryDto>> DeliveriesAsync(
        VideoDbContext db, IReadOnlyList<string> eventIds, CancellationToken cancellationToken)
        => (await db.WebhookDeliveries.AsNoTracking().Where(delivery => eventIds.Contains(delivery.EventId))
            .OrderBy(delivery => delivery.Id).ToListAsync(cancellationToken))
            .ToLookup(delivery => delivery.EventId, WebhookDeliveryDto.From);
}
