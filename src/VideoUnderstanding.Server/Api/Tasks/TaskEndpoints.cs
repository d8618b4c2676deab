using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Streams;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Api.Tasks;

public static class TaskEndpoints
{
    public static void MapTasks(this RouteGroupBuilder v11, string path)
    {
        var tasks = v11.MapGroup(path).WithTags("Tasks");
        tasks.MapPost("/", CreateTaskEndpoint.CreateTaskAsync).WithMetadata(new CostlyRequest());
        tasks.MapGet("/", ListTasksAsync);
        tasks.MapGet("/status", CountTasksAsync);
        tasks.MapGet("/{taskId}", RetrieveTaskAsync);
        tasks.MapDelete("/{taskId}", DeleteTaskAsync);
    }

    /// <summary>Maps an operation of version 1.0. In 1.1 the task itself has the id of the video. CONTRACT, section 6.6.</summary>
    public static void MapOldTasks(this RouteGroupBuilder v11, string path)
    {
        var tasks = v11.MapGroup(path).WithTags("Tasks");
        tasks.MapGet("/{taskId}/video_id", RetrieveVideoId);
        tasks.MapGet("/{taskId}/video-id", RetrieveVideoId);
    }

    private static async Task<Ok<ListResponse<TaskResponse>>> ListTasksAsync(
        HttpRequest request, Caller caller, VideoDbContext db, StreamLinks streams, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var tasks = db.Tasks.AsNoTracking().OwnedBy(caller.AccountId);
        var (rows, info) = await ListQuery<IndexingTask>.Read(request.Query, TaskList.Table).RunAsync(tasks, cancellationToken);
        var hls = await HlsAsync(rows, request, db, streams, cancellationToken);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new ListResponse<TaskResponse>(
            [.. rows.Select(task => TaskResponse.From(task, hls.GetValueOrDefault(task.VideoId), now))], info));
    }

    private static async Task<Ok<TaskResponse>> RetrieveTaskAsync(
        OwnedTask task, HttpRequest request, VideoDbContext db, StreamLinks streams, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var hls = await HlsAsync([task.Row], request, db, streams, cancellationToken);
        return TypedResults.Ok(TaskResponse.From(task.Row, hls.GetValueOrDefault(task.Row.VideoId), clock.GetUtcNow()));
    }

    /// <summary>Returns the stream addresses of ready tasks by video id. Deleted videos have none.</summary>
    private static async Task<Dictionary<string, HlsDto>> HlsAsync(
        IReadOnlyList<IndexingTask> tasks, HttpRequest request, VideoDbContext db, StreamLinks streams, CancellationToken cancellationToken)
    {
        string[] ids = [.. tasks.Where(task => task.State == TaskState.Ready).Select(task => task.VideoId)];
        var videos = ids.Length == 0 ? []
            : await db.Videos.AsNoTracking().Where(video => ids.Contains(video.Id)).ToListAsync(cancellationToken);
        return videos.Select(video => (video.Id, Hls: streams.Create(request, video))).Where(link => link.Hls is not null)
            .ToDictionary(link => link.Id, link => link.Hls!);
    }

    private static Ok<TaskVideoIdResponse> RetrieveVideoId(OwnedTask task) => TypedResults.Ok(TaskVideoIdResponse.From(task.Row));

    private static async Task<Results<Ok<TaskCountsResponse>, ContentHttpResult, ApiError>> CountTasksAsync(
        HttpRequest request, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        if (request.Query["index_id"].ToString() is not { Length: > 0 } indexId)
            return ApiError.Missing("index_id");
        Identifier.Require("index_id", indexId);
        if (await LiveIndex.FindAsync(db, caller, indexId, cancellationToken) is null)
            return ApiError.NotFound("indexes", indexId);
        var counts = await db.Tasks.Where(task => task.IndexId == indexId).GroupBy(task => task.State)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        // For an index without tasks the response is the JSON value null. CONTRACT, section 6.4.
        if (counts.Count == 0)
            return TypedResults.Content("null", "application/json");
        int CountOf(TaskState state) => counts.GetValueOrDefault(state);
        return TypedResults.Ok(new TaskCountsResponse(
            indexId, CountOf(TaskState.Ready), CountOf(TaskState.Validating), CountOf(TaskState.Pending), CountOf(TaskState.Indexing),
            CountOf(TaskState.Failed), counts.Values.Sum()));
    }

    /// <summary>Only failed tasks, and ready tasks whose video was deleted, can be deleted. CONTRACT, section 6.5.</summary>
    private static async Task<Results<NoContent, ApiError>> DeleteTaskAsync(OwnedTask task, VideoDbContext db, Removals removals)
    {
        if (await removals.RemoveTaskAsync(task.Row, CancellationToken.None))
            return TypedResults.NoContent();
        // A concurrent request may have deleted it.
        return await db.Tasks.AnyAsync(row => row.Id == task.Row.Id)
            ? ApiError.TaskCannotBeDeleted(task.Row.Id, task.Row.State.ToString().ToLowerInvariant())
            : ApiError.NotFound("tasks", task.Row.Id);
    }
}
