namespace VideoUnderstanding.Data.Entities;

/// <summary>The owner of users, API keys, indexes and their contents.</summary>
public sealed class Account
{
    public required string Id { get; init; }
    public required string Name { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>An API key. Only its SHA-256 is stored; the key is shown once, when it is created.</summary>
public sealed class ApiKey : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public required string Name { get; set; }

    /// <summary>SHA-256 of the key's UTF-8 bytes, 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>First characters of the key, to identify it in a list.</summary>
    public required string Prefix { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Time of the last use, with a resolution of one minute; null if never used.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
