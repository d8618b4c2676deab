using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Installations;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>Signed addresses of thumbnails. They need no API key and work for one hour. CONTRACT, section 10.</summary>
public sealed class ThumbnailLinks(InstallationIdentity installation, IOptions<PublicAddressOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <param name="time">Seconds from the start of the video.</param>
    public string Create(HttpRequest request, string videoId, double time)
    {
        var (at, expires) = (Math.Round(time, 3).ToString(CultureInfo.InvariantCulture),
            clock.GetUtcNow().Add(Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return $"{options.Value.RootOf(request)}/media/thumbnails/"
            + $"{videoId}.jpeg?time={at}&expires={expires}&signature={installation.Sign(Signed(videoId, at, expires))}";
    }

    /// <summary>Seconds from the start of the video, when this server made the address and its hour is not over; else null.</summary>
    public double? Read(string videoId, IQueryCollection query)
    {
        var (at, expires, signature) = (query["time"].ToString(), query["expires"].ToString(), query["signature"].ToString());
        // Signed numbers were written by this class, so they parse.
        return installation.IsSignature(signature, Signed(videoId, at, expires))
            && long.Parse(expires, CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds()
            ? double.Parse(at, CultureInfo.InvariantCulture)
            : null;
    }

    private static string Signed(string videoId, string time, string expires) => $"thumbnail\n{videoId}\n{time}\n{expires}";
}
