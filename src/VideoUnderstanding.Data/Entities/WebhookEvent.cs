namespace VideoUnderstanding.Data.Entities;

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
