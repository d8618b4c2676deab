using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>Signed addresses of thumbnails. They need no API key and work for one hour. CONTRACT, section 10.</summary>
public sealed class ThumbnailLinks(SigningKey key, IOptions<PublicAddressOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <param name="time">Seconds from the start of the video.</param>
    public string Create(HttpRequest request, string videoId, double time)
    {
        var (at, expires) = (Math.Round(time, 3).ToString(CultureInfo.InvariantCulture), clock.GetUtcNow().Add(Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return $"{options.Value.RootOf(request)}/media/thumbnails/{videoId}.jpeg?time={at}&expires={expires}&signature={Sign(videoId, at, expires)}";
    }

    /// <summary>Seconds from the start of the video, when this server made the address and its hour is not over; else null.</summary>
    public double? Read(string videoId, IQueryCollection query)
    {
        var (at, expires, signature) = (query["time"].ToString(), query["expires"].ToString(), query["signature"].ToString());
        var isOurs = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(videoId, at, expires)));
        // Signed numbers were written by this class, so they parse.
        return isOurs && long.Parse(expires, CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds()
            ? double.Parse(at, CultureInfo.InvariantCulture)
            : null;
    }

    private string Sign(string videoId, string time, string expires) => key.Sign($"thumbnail\n{videoId}\n{time}\n{expires}");
}
