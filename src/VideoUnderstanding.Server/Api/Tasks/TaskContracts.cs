using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Streams;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>A task in a response. CONTRACT, section 6.3.</summary>
/// <param name="VideoId">Present in all states.</param>
/// <param name="Metadata">Always present. It has the file name from the start, the other members after probing.</param>
/// <param name="Process">Null for ready and failed tasks.</param>
/// <param name="Hls">Addresses for streaming; only for ready tasks whose video exists and was not uploaded with
/// <c>disable_video_stream</c>.</param>
/// <param name="EstimatedTime">Estimated or actual end of indexing; omitted if unknown.</param>
/// <param name="ErrorReason">The reason of the failure; only for failed tasks.</param>
/// <param name="Warning">An extension: a warning about the result, for example that the spoken language differs from the given one. Omitted
/// if there is none.</param>
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

/// <summary>Properties of the video.</summary>
/// <param name="Duration">Seconds.</param>
public sealed record TaskMetadataDto(double? Duration, string Filename, int? Height, int? Width);

/// <summary>Progress. Clients read all three members without a check, so all are present.</summary>
/// <param name="UploadPercentage">0 to 100.</param>
/// <param name="Percentage">Completed share of indexing, 0 to 100.</param>
/// <param name="RemainSeconds">Seconds until the next poll of a client.</param>
public sealed record TaskProcessDto(double UploadPercentage, double Percentage, double RemainSeconds)
{
    /// <summary>Returned without an estimate.</summary>
    private const double UnknownSeconds = 10;

    public static TaskProcessDto? From(IndexingTask task, DateTimeOffset now)
    {
        if (task.State is TaskState.Ready or TaskState.Failed)
            return null;
        // At least one second, because clients would poll without a pause after 0.
        var remaining = task.EstimatedTime is { } end ? Math.Max(1, Math.Ceiling((end - now).TotalSeconds)) : UnknownSeconds;
        return new TaskProcessDto(Math.Round(task.UploadPercentage, 2), Math.Round(task.Percentage, 2), remaining);
    }
}

/// <summary>Response of retrieveVideoId, an operation of version 1.0. CONTRACT, section 6.6.</summary>
/// <param name="Id">Id of the video; omitted until it is ready.</param>
/// <param name="Exist">True if the video is ready.</param>
/// <param name="VideoId">Id of the video, in all states.</param>
public sealed record TaskVideoIdResponse([property: JsonPropertyName("_id")] string? Id, bool Exist, string VideoId)
{
    public static TaskVideoIdResponse From(IndexingTask task)
        => new(task.State == TaskState.Ready ? task.VideoId : null, task.State == TaskState.Ready, task.VideoId);
}

/// <summary>Response of countTasks. CONTRACT, section 6.4; <c>total_result</c> is singular there.</summary>
public sealed record TaskCountsResponse(string IndexId, int Ready, int Validating, int Pending, int Indexing, int Failed, int TotalResult);
