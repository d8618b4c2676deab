using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App;

/// <summary>What the pages show of a video and v1.1 does not have.</summary>
internal static class VideoViews
{
    /// <summary>Marks on a seek bar that a viewer can distinguish.</summary>
    private const int MostShots = 2000;

    public static void MapVideoViews(this RouteGroupBuilder app)
    {
        var videos = app.MapGroup("/videos/{videoId}").WithMetadata(new SessionRequired());
        videos.MapGet("/picture", RetrievePictureAsync);
        videos.MapGet("/shots", ListShotsAsync);
    }

    /// <summary>A picture for an <c>img</c> element: authorized by the session, so that a page needs one request for each picture, and
    /// indexes without the thumbnail add-on have pictures, too.</summary>
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
        // Pictures are stored by their time. Whole tenths of a second bound how many there can be.
        var at = Math.Round(time ?? duration / 2, 1, MidpointRounding.ToZero);
        if (await pictures.OpenAsync(video, at, cancellationToken) is not { } picture)
            return ApiError.NotFound("videos", videoId);
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Stream(picture, "image/jpeg");
    }

    /// <summary>Where shots begin, as far as pictures of the index tell: none while the video is not indexed.</summary>
    private static async Task<Ok<ShotListResponse>> ListShotsAsync(
        string videoId, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        var video = await OwnedVideo.FindAsync(db, caller, videoId, cancellationToken);
        var starts = await SearchTableStore.InSnapshotAsync(db, video.Index.Id, tables => db.FramesIn(tables)
            .Where(frame => frame.VideoId == video.Row.Id)
            .GroupBy(frame => frame.Shot)
            .Select(shot => shot.Min(frame => frame.Start))
            .OrderBy(start => start)
            .Take(MostShots)
            .ToListAsync(cancellationToken), () => [], cancellationToken);
        return TypedResults.Ok(new ShotListResponse([.. starts.Select(start => Math.Round(start, 3))]));
    }
}

/// <param name="Data">Seconds, in order.</param>
public sealed record ShotListResponse(IReadOnlyList<double> Data);
