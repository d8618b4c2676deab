using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data.Entities;

/// <summary>Life cycle of a task, CONTRACT 6.3. Stored and sent as lower-case text.</summary>
public enum TaskState
{
    Validating,
    Pending,
    Indexing,
    Ready,
    Failed,
}

/// <summary>The work of turning one video into rows and vectors.</summary>
public sealed class IndexingTask : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public required string IndexId { get; init; }

    /// <summary>Given at once; the video row may be deleted later while the task stays.</summary>
    public required string VideoId { get; init; }

    public TaskState State { get; set; }
    public required string Language { get; init; }

    /// <summary>Facts repeated from the video, because a task outlives it and is filtered by them.</summary>
    public required string Filename
    {
        get;
        set
        {
            field = value;
            NormalFilename = NormalForm.Of(value);
        }
    }

    /// <summary><see cref="NormalForm"/> of the file name; only filtered. Null in a row of an older version until
    /// <see cref="NormalColumns"/> fills it.</summary>
    public string? NormalFilename { get; private set; }

    public double? Duration { get; set; }
    public int? Width { get; set; }
    public int? Height { get; set; }

    /// <summary>Where to fetch the video from; null for an uploaded file.</summary>
    public string? VideoUrl { get; init; }

    /// <summary>True when the user brings the transcript: no speech recognition then.</summary>
    public bool ProvidesTranscription { get; init; }

    /// <summary>Where to fetch the transcript from; null when it was uploaded or none is given.</summary>
    public string? TranscriptionUrl { get; init; }

    /// <summary>Names of the stages that are done; a restart goes on after them.</summary>
    public List<string> FinishedStages { get; set; } = [];

    /// <summary>Share of the indexing work that is done, 0 to 100.</summary>
    public double Percentage { get; set; }

    /// <summary>Share of the file that has arrived, 0 to 100.</summary>
    public double UploadPercentage { get; set; }

    /// <summary>Tries begun so far; bounded, so that a poison video can not block the queue.</summary>
    public int Attempts { get; set; }

    /// <summary>When the current try began.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EstimatedTime { get; set; }

    /// <summary>Code of the error catalogue and a sentence, for a failed task.</summary>
    public string? ErrorCode { get; set; }
    public string? ErrorReason { get; set; }

    /// <summary>A sentence for the user about a task that succeeds with a doubtful result. Null without one.</summary>
    public string? Warning { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}
