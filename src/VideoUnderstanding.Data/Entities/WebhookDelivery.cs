namespace VideoUnderstanding.Data.Entities;

/// <summary>How far an event is on its way to one endpoint. Stored and sent as lower-case text.</summary>
public enum DeliveryState
{
    Waiting,
    Delivered,
    Failed,
}

/// <summary>One event on its way to one endpoint.</summary>
public sealed class WebhookDelivery
{
    public required string Id { get; init; }
    public required string EventId { get; init; }
    public required string EndpointId { get; init; }
    public DeliveryState State { get; set; }

    /// <summary>When the days began in which it is tried; a replay begins them anew.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Tries begun since then.</summary>
    public int Tries { get; set; }

    /// <summary>
    /// When the next try is due; null once nothing is left to do. A try moves it beyond its own end before it begins: nobody else then
    /// takes the delivery, and one whose process died becomes due again by itself.
    /// </summary>
    public DateTimeOffset? NextTryAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}
