namespace VideoUnderstanding.Data.Entities;

/// <summary>A stored answer of a search or classification; its items are in <see cref="ResultPage"/>.</summary>
public sealed class ResultSet : IOwned
{
    /// <summary>UUID of the page tokens.</summary>
    public Guid Id { get; init; }
    public required string AccountId { get; init; }
    public required string IndexId { get; init; }

    /// <summary>Type of answer: a search or a classification.</summary>
    public required string Kind { get; init; }

    /// <summary>Items per page, 1 to 50.</summary>
    public int PageLimit { get; init; }

    /// <summary>Items on all pages.</summary>
    public int Total { get; init; }

    /// <summary>The part that all pages share, as JSON.</summary>
    public required string Payload { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The items of one page of a stored answer.</summary>
public sealed class ResultPage
{
    public Guid ResultSetId { get; init; }

    /// <summary>Page number, from 0.</summary>
    public int Number { get; init; }

    /// <summary>Items as a JSON array.</summary>
    public required string Items { get; init; }
}
