namespace VideoUnderstanding.Data.Entities;

/// <summary>The installation that this database belongs to. The table has exactly one row.</summary>
public sealed class Installation
{
    /// <summary>Key of the only row.</summary>
    public const int OnlyNumber = 1;

    public int Number { get; init; } = OnlyNumber;

    /// <summary>Id of the installation in its database and files, 24 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Secret that signs the addresses of thumbnails and streams: 32 random bytes.</summary>
    public required byte[] SigningKey { get; init; }

    /// <summary>Location of the files, for messages: the data folder with its machine, or the bucket. Null until a server has claimed its
    /// store.</summary>
    public string? Store { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A key of ASP.NET Core's data protection, which encrypts the cookies of the web app.</summary>
public sealed class DataProtectionKey
{
    public long Id { get; init; }

    /// <summary>Unique.</summary>
    public required string Name { get; init; }

    /// <summary>The key in ASP.NET Core's XML format.</summary>
    public required string Xml { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
