namespace VideoUnderstanding.Data.Entities;

/// <summary>The frozen answer of a search or classification, from which pages are read until it expires.</summary>
public sealed class ResultSet : IOwned
{
    /// <summary>The uuid of the page tokens.</summary>
    public Guid Id { get; init; }
    public required string AccountId { get; init; }
    public required string IndexId { get; init; }

    /// <summary>Items on a page, 1 to 50.</summary>
    public int PageLimit { get; init; }

    /// <summary>What the kind of result needs to write its pages, as JSON.</summary>
    public required string Payload { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}
