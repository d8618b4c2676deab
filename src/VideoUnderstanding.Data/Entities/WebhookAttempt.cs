namespace VideoUnderstanding.Data.Entities;

/// <summary>A logged attempt of a delivery.</summary>
public sealed class WebhookAttempt
{
    public const int MaxErrorLength = 500;

    public required string Id { get; init; }
    public required string DeliveryId { get; init; }
    public required string EndpointId { get; init; }
    public required string EventId { get; init; }
    public DateTimeOffset SentAt { get; init; }

    /// <summary>HTTP status of the response; null without a response.</summary>
    public int? Status { get; init; }

    /// <summary>Seconds until the response or the failure.</summary>
    public double Duration { get; init; }

    /// <summary>Error message, at most <see cref="MaxErrorLength"/> characters; null if the event was delivered.</summary>
    public string? Error { get; init; }
}
