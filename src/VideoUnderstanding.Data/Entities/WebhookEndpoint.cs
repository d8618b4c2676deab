namespace VideoUnderstanding.Data.Entities;

/// <summary>An address that is told when a task of its account becomes ready or fails.</summary>
public sealed class WebhookEndpoint : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public required string Url { get; set; }

    /// <summary>The key of the signature, as text. Kept as it is, because every sending is signed with it.</summary>
    public required string Secret { get; set; }

    /// <summary>Any of <see cref="WebhookEventTypes"/>.</summary>
    public required string[] Events { get; set; }

    /// <summary>False: nothing is sent, and nothing that happens meanwhile is kept for later.</summary>
    public bool Enabled { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>What can be told. CONTRACT, section 11.</summary>
public static class WebhookEventTypes
{
    public const string TaskReady = "index.task.ready";
    public const string TaskFailed = "index.task.failed";

    /// <summary>Says only that notifications arrive. Sent to one endpoint on demand, so endpoints do not ask for it.</summary>
    public const string Test = "webhook.test";

    /// <summary>What an endpoint may ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [TaskReady, TaskFailed];
}
