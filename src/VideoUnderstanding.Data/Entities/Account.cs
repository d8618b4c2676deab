namespace VideoUnderstanding.Data.Entities;

/// <summary>Owner of users, keys, indexes and everything below them.</summary>
public sealed class Account
{
    public required string Id { get; init; }
    public required string Name { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>An API key. Only its SHA-256 is kept; the key itself is shown once, when it is made.</summary>
public sealed class ApiKey : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public required string Name { get; set; }

    /// <summary>SHA-256 of the key's UTF-8 bytes, 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>First characters of the key, enough to recognise it in a list.</summary>
    public required string Prefix { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When the key was last used, to the minute; null if it was not.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
