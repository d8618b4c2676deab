using System.Text;
using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Webhooks.Administration;

/// <summary>Body of createWebhook. docs/webhooks.md.</summary>
/// <param name="Events">Event types; omitted for all.</param>
/// <param name="Enabled">Omitted for true.</param>
public sealed record CreateWebhookRequest(string? Url, IReadOnlyList<string>? Events, bool? Enabled) : IValidatedRequest
{
    public void Validate()
    {
        if (Url is null)
            throw new ApiException(ApiError.Missing("url"));
        WebhookEventNames.Check(Events);
    }
}

/// <summary>Body of updateWebhook. The values of omitted members are kept.</summary>
public sealed record UpdateWebhookRequest(string? Url, IReadOnlyList<string>? Events, bool? Enabled) : IValidatedRequest
{
    public void Validate()
    {
        if ((Url, Events, Enabled) is (null, null, null))
            throw new ApiException(ApiError.MissingOneOf("url", "events", "enabled"));
        WebhookEventNames.Check(Events);
    }
}

/// <summary>Body of replayEvent.</summary>
/// <param name="WebhookId">The webhook that receives the event; omitted for all enabled webhooks subscribed to its type.</param>
public sealed record ReplayEventRequest(string? WebhookId) : IValidatedRequest
{
    public void Validate()
    {
        if (WebhookId is not null)
            Identifier.Require("webhook_id", WebhookId);
    }
}

/// <summary>Validates event types.</summary>
internal static class WebhookEventNames
{
    /// <exception cref="ApiException">The list is empty, or has an unknown or duplicate name.</exception>
    public static void Check(IReadOnlyList<string?>? events)
    {
        if (events is null)
            return;
        if (events.Count == 0 || events.Any(name => name is null || !WebhookEventTypes.All.Contains(name)))
            throw new ApiException(
                ApiError.Invalid("events",
                    $"It must be a list of one or more of the following: {string.Join(", ", WebhookEventTypes.All)}."));
        if (events.Distinct().Count() != events.Count)
            throw new ApiException(ApiError.Invalid("events", "No entry may occur twice."));
    }
}

/// <summary>A webhook without its secret.</summary>
public sealed record WebhookResponse(
    [property: JsonPropertyName("_id")] string Id, string Url, IReadOnlyList<string> Events, bool Enabled, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static WebhookResponse From(WebhookEndpoint endpoint)
        => new(endpoint.Id, endpoint.Url, endpoint.Events, endpoint.Enabled, endpoint.CreatedAt, endpoint.UpdatedAt);
}

/// <summary>The current secret of a webhook, with which notifications are signed.</summary>
public sealed record WebhookSecretResponse([property: JsonPropertyName("_id")] string Id, string Secret)
{
    public static WebhookSecretResponse From(WebhookEndpoint endpoint) => new(endpoint.Id, endpoint.Secret);
}

/// <summary>A delivery attempt.</summary>
/// <param name="Status">Status of the response; omitted if there was none.</param>
/// <param name="Duration">Duration in seconds.</param>
/// <param name="Error">Reason of the failure; omitted if the event was delivered.</param>
public sealed record WebhookAttemptResponse(
    [property: JsonPropertyName("_id")] string Id, string EventId, DateTimeOffset SentAt, bool Delivered, int? Status, double Duration,
    string? Error)
{
    public static WebhookAttemptResponse From(WebhookAttempt attempt)
        => new(attempt.Id, attempt.EventId, attempt.SentAt, attempt.Error is null, attempt.Status, attempt.Duration, attempt.Error);
}

/// <summary>An event with its deliveries.</summary>
/// <param name="Body">The JSON text that is sent. It is text and not an object, because the signature is computed over these bytes.</param>
/// <param name="Deliveries">One for each webhook that receives the event.</param>
public sealed record WebhookEventResponse(
    [property: JsonPropertyName("_id")] string Id, string Type, string TaskId, DateTimeOffset CreatedAt, string Body,
    IReadOnlyList<WebhookDeliveryDto> Deliveries)
{
    public static WebhookEventResponse From(WebhookEvent webhookEvent, IEnumerable<WebhookDeliveryDto> deliveries)
        => new(webhookEvent.Id, webhookEvent.Type, webhookEvent.TaskId, webhookEvent.CreatedAt, Encoding.UTF8.GetString(webhookEvent.Body),
            [.. deliveries]);
}

/// <summary>The delivery of an event to a webhook.</summary>
/// <param name="State"><c>waiting</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">Number of attempts since the event, or since its last replay.</param>
/// <param name="NextAttemptAt">Time of the next attempt; only in the state <c>waiting</c>.</param>
public sealed record WebhookDeliveryDto(
    string WebhookId, string State, int Attempts, DateTimeOffset? NextAttemptAt, DateTimeOffset? FinishedAt)
{
    public static WebhookDeliveryDto From(WebhookDelivery delivery)
        => new(delivery.EndpointId, delivery.State.ToString().ToLowerInvariant(), delivery.Attempts, delivery.NextAttemptAt,
            delivery.FinishedAt);
}

/// <summary>The webhooks to which the event is sent again.</summary>
public sealed record ReplayResponse(IReadOnlyList<string> WebhookIds);

/// <param name="EventId">Id of the test event, under which the log lists its attempt.</param>
public sealed record WebhookTestResponse(string EventId);
