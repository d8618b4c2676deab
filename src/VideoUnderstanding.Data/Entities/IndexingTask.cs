using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data.Entities;

/// <summary>State of a task, CONTRACT 6.3. Stored and sent as lower-case text.</summary>
public enum TaskState
{
    Validating,
    Pending,
    Indexing,
    Ready,
    Failed,
}

/// <summary>The indexing of one video.</summary>
public sealed class IndexingTask : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public required string IndexId { get; init; }

    /// <summary>Id of the video; its row can be deleted while the task remains.</summary>
    public required string VideoId { get; init; }

    public TaskState State { get; set; }
    public required string Language { get; init; }

    /// <summary>Copied from the video, because the task remains after it is deleted and is filtered by these values.</summary>
    public required string Filename
    {
        get;
        set
        {
            field = value;
            NormalFilename = NormalForm.Of(value);
        }
    }

    /// <summary><see cref="NormalForm"/> of the file name, for filters only.</summary>
    public string NormalFilename { get; private set; } = "";

    public double? Duration { get; set; }
    public int? Width { get; set; }
    public int? Height { get; set; }

    /// <summary>URL of the video; null for an uploaded file.</summary>
    public string? VideoUrl { get; init; }

    /// <summary>True if the user provides a transcript, which replaces speech recognition.</summary>
    public bool ProvidesTranscription { get; init; }

    /// <summary>URL of the transcript; null if it was uploaded or there is none.</summary>
    public string? TranscriptionUrl { get; init; }

    /// <summary>Names of finished stages; the next attempt continues after them.</summary>
    public List<string> FinishedStages { get; set; } = [];

    /// <summary>Profile whose models the finished stages used; null: the profile of the installation.</summary>
    public string? Profile { get; set; }

    /// <summary>Share of the indexing work that is done, 0 to 100.</summary>
    public double Percentage { get; set; }

    /// <summary>Received share of the file, 0 to 100.</summary>
    public double UploadPercentage { get; set; }

    /// <summary>Started attempts; limited, so that a video that crashes the server cannot block the queue.</summary>
    public int Attempts { get; set; }

    /// <summary>Start of the last attempt.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Fencing token of the last attempt, unique in the installation and larger than all earlier ones. Null: the task waits for an
    /// attempt.</summary>
    public long? AttemptToken { get; set; }

    /// <summary>Name of the node that made the last attempt.</summary>
    public string? Node { get; set; }

    /// <summary>Time of the database from which the next attempt may start, after a failed one. Null: at once.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    public DateTimeOffset? EstimatedTime { get; set; }

    /// <summary>Error code and message of a failed task.</summary>
    public string? ErrorCode { get; set; }
    public string? ErrorReason { get; set; }

    /// <summary>A message for the user about a doubtful result of a successful task; null without one.</summary>
    public string? Warning { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Conditions of SQL statements and partial indexes on tasks. PostgreSQL uses such an index only for a statement with the same
/// condition.</summary>
public static class TaskConditions
{
    /// <summary>The task has not ended.</summary>
    public const string Open = "state IN ('validating', 'pending', 'indexing')";

    /// <summary>The task waits for an attempt, and no delay holds it back.</summary>
    public const string Waiting = $"attempt_token IS NULL AND retry_at IS NULL AND {Open}";

    /// <summary>An attempt was started and has not ended. Its process may be dead.</summary>
    public const string Running = $"attempt_token IS NOT NULL AND {Open}";
}
