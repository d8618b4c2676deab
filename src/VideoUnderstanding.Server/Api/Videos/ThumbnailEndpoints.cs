using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

public static class ThumbnailEndpoints
{
    public static void MapThumbnails(this RouteGroupBuilder videos) => videos.MapGet("/{videoId}/thumbnail", RetrieveThumbnail);

    /// <summary>The pictures themselves: outside v1.1, because a browser that shows one sends no key.</summary>
    public static void MapThumbnailFiles(this WebApplication app) => app.MapGet("/media/thumbnails/{videoId}.jpeg", DownloadThumbnailAsync);

    private static Results<Ok<ThumbnailResponse>, ApiError> RetrieveThumbnail(OwnedVideo video, HttpRequest request, ThumbnailLinks links)
    {
        if (!video.Index.Addons.Contains(IndexAddons.Thumbnail))
            return ApiError.Invalid("index-id", "The index was created without the thumbnail add-on.");
        var time = QuerySeconds.Read(request.Query, "time");
        if (video.Row.Duration is not { } duration)
            return ApiError.Invalid("video-id", "The video has not been read yet. Please try again once its task has left the state validating.");
        if (time > duration)
            return ApiError.Invalid("time", FormattableString.Invariant($"It must be a number of seconds within the video, from 0 to {Math.Round(duration, 3)}."));
        return TypedResults.Ok(new ThumbnailResponse(links.Create(request, video.Row.Id, time ?? duration / 2)));
    }

    private static async Task<Results<PhysicalFileHttpResult, ApiError>> DownloadThumbnailAsync(
        string videoId, HttpContext context, ThumbnailLinks links, ThumbnailFiles pictures, VideoDbContext db, CancellationToken cancellationToken)
    {
        if (links.Read(videoId, context.Request.Query) is not { } time)
            return ApiError.LinkInvalid();
        if (await db.Videos.AsNoTracking().SingleOrDefaultAsync(row => row.Id == videoId && db.Indexes.Live().Any(index => index.Id == row.IndexId), cancellationToken) is not { Duration: { } duration } video)
            return ApiError.NotFound("videos", videoId);
        // The end of the video is the moment after its last frame; what is asked for is the last frame.
        var lastFrame = Math.Max(0, duration - 1 / Math.Max(1, video.FramesPerSecond ?? 1));
        if (await pictures.GetAsync(videoId, Math.Min(time, lastFrame), cancellationToken) is not { } path)
            return ApiError.NotFound("videos", videoId);
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.PhysicalFile(path, "image/jpeg");
    }
}
