using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Installations;
using VideoUnderstanding.Server.Api.Videos;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>The <c>hls</c> member of a task or video: signed addresses that need no API key. CONTRACT, section 6.1.</summary>
/// <param name="VideoUrl">An HLS playlist.</param>
/// <param name="ThumbnailUrls">JPEG pictures; each works for one hour.</param>
/// <param name="Status">Always <c>COMPLETE</c>: segments are made when they are asked for.</param>
/// <param name="UpdatedAt">When the video became ready.</param>
public sealed record HlsDto(string VideoUrl, IReadOnlyList<string> ThumbnailUrls, string Status, DateTimeOffset UpdatedAt);

/// <summary>Signed addresses of streams. The signature is a folder of the path, so that the relative addresses in a playlist carry it,
/// too.</summary>
public sealed class StreamLinks(
    InstallationIdentity installation, ThumbnailLinks thumbnails, IOptions<PublicAddressOptions> address,
    IOptions<StreamingOptions> options, TimeProvider clock)
{
    public const string Playlist = "index.m3u8";

    private const string Complete = "COMPLETE";

    /// <summary>Returns null if the video is not ready, or was uploaded with <c>disable_video_stream</c>.</summary>
    public HlsDto? Create(HttpRequest request, Video video)
        => video is { IndexedAt: { } ready, IsStreamDisabled: false }
            ? new HlsDto($"{address.Value.RootOf(request)}/media/streams/{video.Id}/{SignedFolder(video.Id)}/{Playlist}",
                [thumbnails.Create(request, video.Id, (video.Duration ?? 0) / 2)], Complete, ready)
            : null;

    /// <param name="folder">From the path: the time of its end and the signature.</param>
    /// <returns>False if the folder was changed, belongs to another video, or is too old.</returns>
    public bool IsValid(string videoId, string folder)
    {
        var parts = folder.Split('-');
        return parts.Length == 2 && installation.IsSignature(parts[1], Signed(videoId, parts[0]))
            // Signed numbers were written by this class, so they parse.
            && long.Parse(parts[0], CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds();
    }

    private string SignedFolder(string videoId)
    {
        var expires = clock.GetUtcNow().AddHours(options.Value.LinkHours).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{expires}-{installation.Sign(Signed(videoId, expires))}";
    }

    private static string Signed(string videoId, string expires) => $"stream\n{videoId}\n{expires}";
}
