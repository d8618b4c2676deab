namespace VideoUnderstanding.Data.Entities;

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
