namespace VideoUnderstanding.Data.Entities;

/// <summary>State of a delivery. Stored and sent as lower-case text.</summary>
public enum DeliveryState
{
    Waiting,
    Delivered,
    Failed,
}

/// <summary>The delivery of one event to one endpoint.</summary>
public sealed class WebhookDelivery
{
    public required string Id { get; init; }
    public required string EventId { get; init; }
    public required string EndpointId { get; init; }
    public DeliveryState State { get; set; }

    /// <summary>Start of the retry period; a replay restarts it.</summary>
    public DateTimeOffset RetryPeriodStartedAt { get; set; }

    /// <summary>Attempts started in the retry period.</summary>
    public int Attempts { get; set; }

    /// <summary>
    /// Due time of the next attempt; null if the delivery has ended. An attempt first sets it beyond its own timeout, as a lease: no other
    /// process takes the delivery, and it becomes due again if the process crashes.
    /// </summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}
