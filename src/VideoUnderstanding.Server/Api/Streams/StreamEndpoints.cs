using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Playlists, segments and original files. They are outside v1.1, because players send no key; the address is signed.</summary>
public static class StreamEndpoints
{
    private const string Playlists = "application/vnd.apple.mpegurl";
    private const string Segments = "video/mp2t";
    private const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider MediaTypes = new();

    public static void MapStreams(this WebApplication app)
    {
        var streams = app.MapGroup("/media/streams/{videoId}/{signature}");
        streams.MapGet("/" + StreamLinks.Playlist, DownloadPlaylistAsync);
        streams.MapGet("/{number}.ts", DownloadSegmentAsync);
        streams.MapGet("/original", DownloadOriginalAsync);
    }

    private static async Task<Results<ContentHttpResult, ApiError>> DownloadPlaylistAsync(
        string videoId, string signature, SignedVideos videos, VideoStreams streams, HttpResponse response,
        CancellationToken cancellationToken)
    {
        await videos.FindAsync(videoId, signature, cancellationToken);
        var plan = await streams.GetPlanAsync(videoId, cancellationToken);
        AllowCaching(response);
        return TypedResults.Text(plan.ToPlaylist(), Playlists);
    }

    private static async Task<Results<FileStreamHttpResult, ApiError>> DownloadSegmentAsync(
        string videoId, string signature, string number, SignedVideos videos, VideoStreams streams, HttpResponse response,
        CancellationToken cancellationToken)
    {
        await videos.FindAsync(videoId, signature, cancellationToken);
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return ApiError.NotFound("videos", videoId);
        var segment = await streams.OpenSegmentAsync(videoId, position, cancellationToken);
        AllowCaching(response);
        return TypedResults.Stream(segment, Segments, enableRangeProcessing: true);
    }

    private static async Task<Results<FileStreamHttpResult, RedirectHttpResult, ApiError>> DownloadOriginalAsync(
        string videoId, string signature, SignedVideos videos, IFileStore store, IOptions<StreamingOptions> options,
        CancellationToken cancellationToken)
    {
        var video = await videos.FindAsync(videoId, signature, cancellationToken);
        var (key, mediaType) = (StoredFiles.VideoKey(videoId), MediaTypeOf(video.Filename));
        if (store.CreateDownloadAddress(key, mediaType, TimeSpan.FromHours(options.Value.LinkHours)) is { } address)
            return TypedResults.Redirect(address.AbsoluteUri);
        if (await store.FindAsync(key, cancellationToken) is not { } file
            || await store.OpenAsync(key, cancellationToken) is not { } content)
            return ApiError.NotFound("videos", videoId);
        return TypedResults.Stream(content, mediaType, lastModified: file.Written,
            entityTag: video.Sha256 is { } hash ? new EntityTagHeaderValue($"\"{hash}\"") : null, enableRangeProcessing: true);
    }

    /// <summary>The content never changes, so it can be cached. The address expires.</summary>
    private static void AllowCaching(HttpResponse response) => response.Headers.CacheControl = "private, max-age=3600";

    private static string MediaTypeOf(string filename)
        => MediaTypes.TryGetContentType(filename, out var type)
            && (type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal))
            ? type
            : Unknown;
}

/// <summary>Finds the video of a signed address.</summary>
public sealed class SignedVideos(StreamLinks links, VideoDbContext db)
{
    /// <exception cref="ApiException">The signature is invalid, or the video does not exist or may not be streamed.</exception>
    public async Task<Video> FindAsync(string videoId, string signature, CancellationToken cancellationToken)
    {
        if (!links.IsValid(videoId, signature))
            throw new ApiException(ApiError.LinkInvalid());
        return await db.Videos.AsNoTracking().SingleOrDefaultAsync(video => video.Id == videoId && video.IndexedAt != null
            && !video.IsStreamDisabled && db.Indexes.Live().Any(index => index.Id == video.IndexId), cancellationToken)
            ?? throw new ApiException(ApiError.NotFound("videos", videoId));
    }
}
