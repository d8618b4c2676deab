namespace VideoUnderstanding.Data.Entities;

/// <summary>What a user of the web app may do. Stored and sent as lower-case text.</summary>
public enum UserRole
{
    /// <summary>Works with the data of their own account.</summary>
    Member,

    /// <summary>Also manages users and sees the state of the whole server.</summary>
    Administrator,
}

/// <summary>A person who signs in to the web app. Programs use API keys instead.</summary>
public sealed class User : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }

    /// <summary>Unique on the server, lower case.</summary>
    public required string Name { get; init; }
    public UserRole Role { get; set; }

    /// <summary>Salted hash in the format of ASP.NET Core Identity. A session ends when it changes.</summary>
    public required string PasswordHash { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}
