using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Installations;

namespace VideoUnderstanding.Server.Api.Videos;

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
