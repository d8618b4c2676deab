using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App;

/// <summary>Data of videos and tasks for the web app that v1.1 does not have.</summary>
internal static class VideoViews
{
    /// <summary>Maximum shots in a response: a seek bar cannot show more.</summary>
    private const int MaxShots = 2000;

    public static void MapVideoViews(this RouteGroupBuilder app)
    {
        var videos = app.MapGroup("/videos/{videoId}").WithMetadata(new SessionRequired());
        videos.MapGet("/picture", RetrievePictureAsync);
        videos.MapGet("/shots", ListShotsAsync);
        app.MapGet("/tasks/{taskId}/source", RetrieveTaskSource).WithMetadata(new SessionRequired());
    }

    /// <summary>A picture for an <c>img</c> element, authorized by the session. A page needs one request per picture, and the index needs
    /// no thumbnail add-on.</summary>
    private static async Task<Results<FileStreamHttpResult, ApiError>> RetrievePictureAsync(
        string videoId, HttpContext context, SessionUser user, VideoDbContext db, ThumbnailFiles pictures,
        CancellationToken cancellationToken)
    {
        Identifier.Require("video-id", videoId);
        var time = QuerySeconds.Read(context.Request.Query, "time");
        if (await db.Videos.AsNoTracking().OwnedBy(user.Row.AccountId)
            .SingleOrDefaultAsync(row => row.Id == videoId && db.Indexes.Live().Any(index => index.Id == row.IndexId), cancellationToken)
            is not { Duration: { } duration } video)
            return ApiError.NotFound("videos", videoId);
        // Rounded to tenths of a second, which limits the number of stored pictures.
        var at = Math.Round(time ?? duration / 2, 1, MidpointRounding.ToZero);
        if (await pictures.OpenAsync(video, at, cancellationToken) is not { } picture)
            return ApiError.NotFound("videos", videoId);
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Stream(picture, "image/jpeg");
    }

    /// <summary>Returns the start times of shots; empty if the video is not indexed.</summary>
    private static async Task<Ok<ShotListResponse>> ListShotsAsync(
        string videoId, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        var video = await OwnedVideo.FindAsync(db, caller, videoId, cancellationToken);
        var starts = await SearchTableStore.InSnapshotAsync(db, video.Index.Id, tables => db.FramesIn(tables)
            .Where(frame => frame.VideoId == video.Row.Id)
            .GroupBy(frame => frame.Shot)
            .Select(shot => shot.Min(frame => frame.Start))
            .OrderBy(start => start)
            .Take(MaxShots)
            .ToListAsync(cancellationToken), () => [], cancellationToken);
        return TypedResults.Ok(new ShotListResponse([.. starts.Select(start => Math.Round(start, 3))]));
    }

    /// <summary>Returns the address from which a task fetches its video. The web app uses it to repeat a failed task.</summary>
    private static Ok<TaskSourceResponse> RetrieveTaskSource(OwnedTask task) => TypedResults.Ok(new TaskSourceResponse(task.Row.VideoUrl));
}

/// <param name="Data">Seconds, in ascending order.</param>
public sealed record ShotListResponse(IReadOnlyList<double> Data);

/// <param name="VideoUrl">Address of the video; omitted for an uploaded file.</param>
public sealed record TaskSourceResponse(string? VideoUrl);
