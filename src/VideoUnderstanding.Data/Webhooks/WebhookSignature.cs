using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>The proof that a notification comes from here and is fresh. CONTRACT, section 11.</summary>
public static class WebhookSignature
{
    public const string Header = "TL-Signature";

    /// <summary><c>t=UNIX,v1=HEX</c>: HMAC-SHA256 under the secret over the time, a full stop and the very bytes that are sent.</summary>
    /// <param name="secret">Its UTF-8 bytes are the key.</param>
    public static string Of(string secret, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes($"{seconds}."));
        hash.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <summary>A secret that nobody guesses: 32 random bytes as hexadecimal digits.</summary>
    public static string NewSecret() => $"whsec_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
}
