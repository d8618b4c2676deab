namespace VideoUnderstanding.Data.Entities;

/// <summary>Something that happened, frozen as it is told: the same identifier and the same bytes at every sending.</summary>
public sealed class WebhookEvent : IOwned
{
    /// <summary><c>whe_</c> and 32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }
    public required string AccountId { get; init; }

    /// <summary>One of <see cref="WebhookEventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The task that became ready or failed; it may have been deleted since. Of a test: the endpoint.</summary>
    public required string TaskId { get; init; }

    /// <summary>The JSON that is sent, in UTF-8.</summary>
    public required byte[] Body { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
