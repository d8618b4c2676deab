using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Webhooks.Administration;

/// <summary>Body of createWebhook. docs/webhooks.md.</summary>
/// <param name="Events">Left out: all.</param>
/// <param name="Enabled">Left out: true.</param>
public sealed record CreateWebhookRequest(string? Url, IReadOnlyList<string>? Events, bool? Enabled) : IValidatedRequest
{
    public void Validate()
    {
        if (Url is null)
            throw new ApiException(ApiError.Missing("url"));
        WebhookEventNames.Check(Events);
    }
}

/// <summary>Body of updateWebhook; what is left out stays as it is.</summary>
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
/// <param name="WebhookId">Where the event is told again; left out: at every enabled endpoint that wants its type.</param>
public sealed record ReplayEventRequest(string? WebhookId) : IValidatedRequest
{
    public void Validate()
    {
        if (WebhookId is not null)
            Identifier.Require("webhook_id", WebhookId);
    }
}

/// <summary>What an endpoint may ask for.</summary>
internal static class WebhookEventNames
{
    /// <exception cref="ApiException">The list is empty, has an unknown name, or has a name twice.</exception>
    public static void Check(IReadOnlyList<string?>? events)
    {
        if (events is null)
            return;
        if (events.Count == 0 || events.Any(name => name is null || !WebhookEventTypes.All.Contains(name)))
            throw new ApiException(
                ApiError.Invalid("events",
                    $"It must be a list of one or more of the following: {string.Join(", ", WebhookEventTypes.All)}."));
        if (events.Distinct().Count() != events.Count)
            throw new ApiException(ApiError.Invalid("events", "No entry may be there twice."));
    }
}

/// <summary>An endpoint, without its secret.</summary>
public sealed record WebhookResponse(
    [property: JsonPropertyName("_id")] string Id, string Url, IReadOnlyList<string> Events, bool Enabled, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static WebhookResponse From(WebhookEndpoint endpoint)
        => new(endpoint.Id, endpoint.Url, endpoint.Events, endpoint.Enabled, endpoint.CreatedAt, endpoint.UpdatedAt);
}

/// <summary>The secret that the endpoint's notifications are signed with from now on.</summary>
public sealed record WebhookSecretResponse([property: JsonPropertyName("_id")] string Id, string Secret)
{
    public static WebhookSecretResponse From(WebhookEndpoint endpoint) => new(endpoint.Id, endpoint.Secret);
}

/// <summary>One try, as the log shows it.</summary>
/// <param name="Status">Of the answer; left out when there was none.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="Error">Left out when the event was delivered.</param>
public sealed record WebhookAttemptResponse(
    [property: JsonPropertyName("_id")] string Id, string EventId, DateTimeOffset SentAt, bool Delivered, int? Status, double Duration,
    string? Error)
{
    public static WebhookAttemptResponse From(WebhookAttempt attempt)
        => new(attempt.Id, attempt.EventId, attempt.SentAt, attempt.Error is null, attempt.Status, attempt.Duration, attempt.Error);
}

/// <summary>An event, and how far it has come.</summary>
/// <param name="Deliveries">One for each endpoint that it is or was told to.</param>
public sealed record WebhookEventResponse(
    [property: JsonPropertyName("_id")] string Id, string Type, string TaskId, DateTimeOffset CreatedAt,
    IReadOnlyList<WebhookDeliveryDto> Deliveries)
{
    public static WebhookEventResponse From(WebhookEvent happened, IEnumerable<WebhookDeliveryDto> deliveries)
        => new(happened.Id, happened.Type, happened.TaskId, happened.CreatedAt, [.. deliveries]);
}

/// <summary>An event on its way to an endpoint.</summary>
/// <param name="State"><c>waiting</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Tries">Tries begun since the event, or since its last replay.</param>
/// <param name="NextTryAt">Only while waiting.</param>
public sealed record WebhookDeliveryDto(string WebhookId, string State, int Tries, DateTimeOffset? NextTryAt, DateTimeOffset? FinishedAt)
{
    public static WebhookDeliveryDto From(WebhookDelivery delivery)
        => new(delivery.EndpointId, delivery.State.ToString().ToLowerInvariant(), delivery.Tries, delivery.NextTryAt, delivery.FinishedAt);
}

/// <summary>The webhooks to which an event is sent again.</summary>
public sealed record ReplayResponse(IReadOnlyList<string> WebhookIds);

/// <param name="EventId">The id of the test event. The log lists its attempt under this id.</param>
public sealed record WebhookTestResponse(string EventId);
