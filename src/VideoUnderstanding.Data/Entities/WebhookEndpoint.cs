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
