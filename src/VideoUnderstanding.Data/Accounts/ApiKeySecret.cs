using System.Security.Cryptography;
using System.Text;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>The text of an API key: <c>tlk_</c> and 52 characters of base 32 that carry 256 random bits.</summary>
public static class ApiKeySecret
{
    private const string Start = "tlk_";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Letters = 52;

    /// <summary>Length of the part that is kept in the clear, so that a person can tell keys apart.</summary>
    public const int PrefixLength = 10;

    // 32 divides 256, so every letter is equally likely: 52 letters carry 260 bits.
    public static string New() => Start + RandomNumberGenerator.GetString(Alphabet, Letters);

    /// <summary>SHA-256. A plain hash is enough for a key with 256 random bits: there is nothing to guess.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
