namespace VideoUnderstanding.Data.Entities;

/// <summary>What an integration reads. Stored and sent as lower-case text.</summary>
public enum IntegrationKind
{
    /// <summary>A bucket of an S3-compatible store.</summary>
    Bucket,

    /// <summary>A folder of the server. New videos in it are indexed without being asked for.</summary>
    Folder,
}

/// <summary>What the last look at the source of an integration found. Stored and sent as lower-case text.</summary>
public enum IntegrationState
{
    /// <summary>Not looked at since it was connected or changed.</summary>
    Unverified,
    Active,
    Failed,
}

/// <summary>A source of videos that an account has connected.</summary>
public sealed class Integration : IOwned
{
    public const int MaxReasonLength = 1000;

    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public IntegrationKind Kind { get; init; }
    public required string Name { get; set; }

    /// <summary>Null for a folder. The same holds for the members up to <see cref="Credentials"/>.</summary>
    public string? Bucket { get; set; }

    /// <summary>Address of an S3-compatible store; null means AWS.</summary>
    public string? Endpoint { get; set; }

    public string? Region { get; set; }
    public bool PathStyle { get; set; }

    /// <summary>Only objects whose keys begin so; empty for all.</summary>
    public string? Prefix { get; set; }

    /// <summary>Access key and secret key, encrypted by the server; null for a public bucket.</summary>
    public string? Credentials { get; set; }

    /// <summary>Full path of a watched folder. Null for a bucket, as the next two.</summary>
    public string? Folder { get; set; }

    /// <summary>Where the videos of a watched folder go.</summary>
    public string? IndexId { get; set; }

    /// <summary>Language that is spoken in the videos of a watched folder.</summary>
    public string? Language { get; set; }

    public IntegrationState State { get; set; }

    /// <summary>A sentence for the user: why the state is failed. Null otherwise.</summary>
    public string? Reason { get; set; }

    /// <summary>When the state was found.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>When the files were last listed whole. Files that were not there then are not counted.</summary>
    public DateTimeOffset? SynchronisedAt { get; set; }

    /// <summary>Set while the files are to be listed in the background.</summary>
    public DateTimeOffset? SyncRequestedAt { get; set; }

    /// <summary>True if there are more files than are listed.</summary>
    public bool IsTruncated { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>A video file of an integration, as it was last listed. It stays for a while after it has gone, so that a file that comes back
/// unchanged is not indexed again.</summary>
public sealed class IntegrationFile
{
    public required string IntegrationId { get; init; }

    /// <summary>As a transfer names it: <c>s3://bucket/key</c> or <c>file:///folder/name</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    public DateTimeOffset ModifiedAt { get; set; }

    /// <summary>When the file was first listed with this size and this time of modification.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>When the file was last listed.</summary>
    public DateTimeOffset ListedAt { get; set; }

    /// <summary>The task that the integration made of it; null for none. No foreign key: it is remembered when the task has gone.</summary>
    public string? TaskId { get; set; }
}
