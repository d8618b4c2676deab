namespace VideoUnderstanding.Data.Entities;

/// <summary>One try at one delivery, as the log keeps it.</summary>
public sealed class WebhookAttempt
{
    public const int MaxErrorLength = 500;

    public required string Id { get; init; }
    public required string DeliveryId { get; init; }
    public required string EndpointId { get; init; }
    public required string EventId { get; init; }
    public DateTimeOffset SentAt { get; init; }

    /// <summary>The status of the answer; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Seconds until the answer or the failure.</summary>
    public double Duration { get; init; }

    /// <summary>A sentence, at most <see cref="MaxErrorLength"/> characters; null when the event was delivered.</summary>
    public string? Error { get; init; }
}
