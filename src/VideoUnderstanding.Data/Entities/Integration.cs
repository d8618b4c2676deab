namespace VideoUnderstanding.Data.Entities;

/// <summary>Type of an integration. Stored and sent as lower-case text.</summary>
public enum IntegrationKind
{
    /// <summary>A bucket of an S3-compatible store.</summary>
    Bucket,

    /// <summary>A folder of the server. New videos in it are indexed automatically.</summary>
    Folder,
}

/// <summary>Result of the last check of an integration. Stored and sent as lower-case text.</summary>
public enum IntegrationState
{
    /// <summary>Not checked since it was connected or changed.</summary>
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

    /// <summary>Null for a folder, like the members up to <see cref="Credentials"/>.</summary>
    public string? Bucket { get; set; }

    /// <summary>URL of an S3-compatible store; null means AWS.</summary>
    public string? Endpoint { get; set; }

    public string? Region { get; set; }
    public bool PathStyle { get; set; }

    /// <summary>Only objects whose keys have this prefix; empty for all.</summary>
    public string? Prefix { get; set; }

    /// <summary>Encrypted access key and secret key; null for a public bucket.</summary>
    public string? Credentials { get; set; }

    /// <summary>Full path of a watched folder. Null for a bucket, like the next two.</summary>
    public string? Folder { get; set; }

    /// <summary>Index for the videos of a watched folder.</summary>
    public string? IndexId { get; set; }

    /// <summary>Spoken language of the videos of a watched folder.</summary>
    public string? Language { get; set; }

    public IntegrationState State { get; set; }

    /// <summary>Message for the user if the state is failed; otherwise null.</summary>
    public string? Reason { get; set; }

    /// <summary>Time of the last check.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>Time of the last complete listing. Files that it did not contain are not counted.</summary>
    public DateTimeOffset? SynchronisedAt { get; set; }

    /// <summary>Time of a pending listing request; null without one.</summary>
    public DateTimeOffset? SyncRequestedAt { get; set; }

    /// <summary>True if there are more files than the limit.</summary>
    public bool IsTruncated { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>A video file of an integration. Kept for some time after it disappears, so that an unchanged file that reappears is not indexed
/// again.</summary>
public sealed class IntegrationFile
{
    public required string IntegrationId { get; init; }

    /// <summary>Address in transfer format: <c>s3://bucket/key</c> or <c>file:///folder/name</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Size in bytes.</summary>
    public long Size { get; set; }

    public DateTimeOffset ModifiedAt { get; set; }

    /// <summary>Time of the first listing with this size and modification time.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Time of the last listing that contains the file.</summary>
    public DateTimeOffset ListedAt { get; set; }

    /// <summary>Task that the integration created for it; null without one. No foreign key: kept after the task is deleted.</summary>
    public string? TaskId { get; set; }
}
