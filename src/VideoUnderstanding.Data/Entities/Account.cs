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

/// <summary>A row that belongs to one account and is visible only to it.</summary>
public interface IOwned
{
    string AccountId { get; }
}

public static class OwnedQueries
{
    public static IQueryable<T> OwnedBy<T>(this IQueryable<T> rows, string accountId) where T : class, IOwned
        => rows.Where(row => row.AccountId == accountId);
}

/// <summary>Role of a user of the web app. Stored and sent as lower-case text.</summary>
public enum UserRole
{
    /// <summary>Can use the data of their own account.</summary>
    Member,

    /// <summary>Can also manage users and see the state of the server.</summary>
    Administrator,
}

/// <summary>A user of the web app. Programs use API keys instead.</summary>
public sealed class User : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }

    /// <summary>Name in lower case, unique on the server.</summary>
    public required string Name { get; init; }
    public UserRole Role { get; set; }

    /// <summary>Salted hash in the format of ASP.NET Core Identity. Sessions end when it changes.</summary>
    public required string PasswordHash { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}
