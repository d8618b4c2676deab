using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Installations;
using VideoUnderstanding.Server.Api.Videos;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>The <c>hls</c> member of a task or video: signed addresses that need no API key. CONTRACT, section 6.1.</summary>
/// <param name="VideoUrl">Address of the HLS playlist.</param>
/// <param name="ThumbnailUrls">Addresses of JPEG pictures; each is valid for one hour.</param>
/// <param name="Status">Always <c>COMPLETE</c>, because segments are created on demand.</param>
/// <param name="UpdatedAt">Time when the video became ready.</param>
public sealed record HlsDto(string VideoUrl, IReadOnlyList<string> ThumbnailUrls, string Status, DateTimeOffset UpdatedAt);

/// <summary>Creates and verifies signed addresses of streams. The signature is a folder of the path, so that relative addresses in a
/// playlist include it.</summary>
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

    /// <param name="folder">Folder of the path: expiry time and signature.</param>
    /// <returns>False if the signature is wrong, belongs to another video, or has expired.</returns>
    public bool IsValid(string videoId, string folder)
    {
        var parts = folder.Split('-');
        return parts.Length == 2 && installation.IsSignature(parts[1], SignedText(videoId, parts[0]))
            // The signature was verified, so the number parses.
            && long.Parse(parts[0], CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds();
    }

    private string SignedFolder(string videoId)
    {
        var expires = clock.GetUtcNow().AddHours(options.Value.LinkHours).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{expires}-{installation.Sign(SignedText(videoId, expires))}";
    }

    private static string SignedText(string videoId, string expires) => $"stream\n{videoId}\n{expires}";
}
