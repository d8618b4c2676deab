using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Streams;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>A task as v1.1 shows it. CONTRACT, section 6.3.</summary>
/// <param name="VideoId">There from the first answer on.</param>
/// <param name="Metadata">Always an object; the file name at once, the rest after probing.</param>
/// <param name="Process">Only while there is something to wait for.</param>
/// <param name="Hls">How to play the video; only on ready tasks whose video is there and was not uploaded with
/// <c>disable_video_stream</c>.</param>
/// <param name="EstimatedTime">When indexing should finish or finished; left out when unknown.</param>
/// <param name="ErrorReason">Why a failed task failed.</param>
/// <param name="Warning">An extension: what is doubtful about the result, for example a language that is not the given one. Left out
/// without a warning.</param>
public sealed record TaskResponse(
    [property: JsonPropertyName("_id")] string Id,
    string IndexId,
    string VideoId,
    string Status,
    TaskMetadataDto Metadata,
    TaskProcessDto? Process,
    HlsDto? Hls,
    DateTimeOffset? EstimatedTime,
    string? ErrorReason,
    string? Warning,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static TaskResponse From(IndexingTask task, HlsDto? hls, DateTimeOffset now) => new(
        task.Id, task.IndexId, task.VideoId, task.State.ToString().ToLowerInvariant(),
        new TaskMetadataDto(task.Duration, task.Filename, task.Height, task.Width),
        TaskProcessDto.From(task, now), hls, task.EstimatedTime,
        task.State == TaskState.Failed ? task.ErrorReason : null, task.Warning, task.CreatedAt, task.UpdatedAt);
}

/// <summary>Facts of the video.</summary>
/// <param name="Duration">Seconds.</param>
public sealed record TaskMetadataDto(double? Duration, string Filename, int? Height, int? Width);

/// <summary>Progress; all three members or none, because clients read them without a check.</summary>
/// <param name="UploadPercentage">0 to 100.</param>
/// <param name="Percentage">Share of the indexing work that is done, 0 to 100.</param>
/// <param name="RemainSeconds">Clients sleep this long before they ask again.</param>
public sealed record TaskProcessDto(double UploadPercentage, double Percentage, double RemainSeconds)
{
    /// <summary>Said while no estimate exists yet: soon enough to see one.</summary>
    private const double UnknownSeconds = 10;

    public static TaskProcessDto? From(IndexingTask task, DateTimeOffset now)
    {
        if (task.State is TaskState.Ready or TaskState.Failed)
            return null;
        // An estimate that has passed is wrong by an unknown time, but never "now": a client would ask without a pause.
        var remaining = task.EstimatedTime is { } end ? Math.Max(1, Math.Ceiling((end - now).TotalSeconds)) : UnknownSeconds;
        return new TaskProcessDto(Math.Round(task.UploadPercentage, 2), Math.Round(task.Percentage, 2), remaining);
    }
}

/// <summary>Answer of retrieveVideoId, an operation of version 1.0. CONTRACT, section 6.6.</summary>
/// <param name="Id">The video; left out until it is ready.</param>
/// <param name="Exist">True if the video is ready to be searched.</param>
/// <param name="VideoId">The video, as in the task.</param>
public sealed record TaskVideoIdResponse([property: JsonPropertyName("_id")] string? Id, bool Exist, string VideoId)
{
    public static TaskVideoIdResponse From(IndexingTask task)
        => new(task.State == TaskState.Ready ? task.VideoId : null, task.State == TaskState.Ready, task.VideoId);
}

/// <summary>Answer of countTasks. CONTRACT, section 6.4; <c>total_result</c> is singular there.</summary>
public sealed record TaskCountsResponse(string IndexId, int Ready, int Validating, int Pending, int Indexing, int Failed, int TotalResult);
