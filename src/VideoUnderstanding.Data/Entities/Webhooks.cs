namespace VideoUnderstanding.Data.Entities;

/// <summary>A URL that is notified when a task of its account becomes ready or fails.</summary>
public sealed class WebhookEndpoint : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public required string Url { get; set; }

    /// <summary>Key of the signature. Stored in plain text, because every notification is signed with it.</summary>
    public required string Secret { get; set; }

    /// <summary>Subscribed events, any of <see cref="WebhookEventTypes"/>.</summary>
    public required string[] Events { get; set; }

    /// <summary>If false, no notifications are sent or stored for later.</summary>
    public bool Enabled { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Types of events. CONTRACT, section 11.</summary>
public static class WebhookEventTypes
{
    public const string TaskReady = "index.task.ready";
    public const string TaskFailed = "index.task.failed";

    /// <summary>A test of the connection, sent to one endpoint on demand; endpoints cannot subscribe to it.</summary>
    public const string Test = "webhook.test";

    /// <summary>Types to which an endpoint can subscribe.</summary>
    public static IReadOnlyList<string> All { get; } = [TaskReady, TaskFailed];
}

/// <summary>An event with its immutable body: each delivery sends the same id and bytes.</summary>
public sealed class WebhookEvent : IOwned
{
    /// <summary><c>whe_</c> and 32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }
    public required string AccountId { get; init; }

    /// <summary>One of <see cref="WebhookEventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The task that became ready or failed, which may be deleted. For a test event: the endpoint.</summary>
    public required string TaskId { get; init; }

    /// <summary>The JSON body in UTF-8.</summary>
    public required byte[] Body { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

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
