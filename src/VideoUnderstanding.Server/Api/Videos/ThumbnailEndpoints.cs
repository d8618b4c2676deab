using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Installations;
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

/// <summary>Creates and verifies signed addresses of thumbnails. They need no API key and are valid for one hour. CONTRACT, section
/// 10.</summary>
public sealed class ThumbnailLinks(InstallationIdentity installation, IOptions<PublicAddressOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <param name="time">Seconds from the start of the video.</param>
    public string Create(HttpRequest request, string videoId, double time)
    {
        var (position, expires) = (Math.Round(time, 3).ToString(CultureInfo.InvariantCulture),
            clock.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return $"{options.Value.RootOf(request)}/media/thumbnails/"
            + $"{videoId}.jpeg?time={position}&expires={expires}&signature={installation.Sign(SignedText(videoId, position, expires))}";
    }

    /// <summary>Returns the position in seconds if the signature is valid and has not expired; otherwise null.</summary>
    public double? Read(string videoId, IQueryCollection query)
    {
        var (position, expires, signature) = (query["time"].ToString(), query["expires"].ToString(), query["signature"].ToString());
        // The signature was verified, so the numbers parse.
        return installation.IsSignature(signature, SignedText(videoId, position, expires))
            && long.Parse(expires, CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds()
            ? double.Parse(position, CultureInfo.InvariantCulture)
            : null;
    }

    private static string SignedText(string videoId, string time, string expires) => $"thumbnail\n{videoId}\n{time}\n{expires}";
}
