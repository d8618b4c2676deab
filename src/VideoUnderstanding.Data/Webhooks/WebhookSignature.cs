using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>Signs notifications, so that clients can verify their origin and time. CONTRACT, section 11.</summary>
public static class WebhookSignature
{
    public const string Header = "TL-Signature";

    /// <summary>Returns <c>t=UNIX,v1=HEX</c>: the HMAC-SHA256 of the time, a full stop and the exact body bytes.</summary>
    /// <param name="secret">The key; its UTF-8 bytes are used.</param>
    public static string Of(string secret, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes($"{seconds}."));
        hash.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <summary>Creates a secret of 32 random bytes in hexadecimal.</summary>
    public static string NewSecret() => $"whsec_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
}
