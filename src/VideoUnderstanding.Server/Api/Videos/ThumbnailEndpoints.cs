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

    /// <summary>The pictures. They are outside v1.1, because browsers send no key for an image.</summary>
    public static void MapThumbnailFiles(this WebApplication app) => app.MapGet("/media/thumbnails/{videoId}.jpeg", DownloadThumbnailAsync);

    private static Results<Ok<ThumbnailResponse>, ApiError> RetrieveThumbnail(OwnedVideo video, HttpRequest request, ThumbnailLinks links)
    {
        if (!video.Index.Addons.Contains(IndexAddons.Thumbnail))
            return ApiError.Invalid("index-id", "The index was created without the thumbnail add-on.");
        var time = QuerySeconds.Read(request.Query, "time");
        return TypedResults.Ok(new ThumbnailResponse(links.Create(request, video.Row.Id, ThumbnailFiles.ResolveTime(video.Row, time))));
    }

    private static async Task<Results<FileStreamHttpResult, ApiError>> DownloadThumbnailAsync(
        string videoId, HttpContext context, ThumbnailLinks links, ThumbnailFiles pictures, VideoDbContext db,
        CancellationToken cancellationToken)
    {
        if (links.Read(videoId, context.Request.Query) is not { } time)
            return ApiError.LinkInvalid();
        if (await db.Videos.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == videoId && db.Indexes.Live().Any(index => index.Id == row.IndexId), cancellationToken)
            is not { } video || await pictures.OpenAsync(video, time, cancellationToken) is not { } picture)
            return ApiError.NotFound("videos", videoId);
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Stream(picture, "image/jpeg");
    }
}
