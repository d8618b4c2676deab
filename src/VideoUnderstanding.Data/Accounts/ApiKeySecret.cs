using System.Security.Cryptography;
using System.Text;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>The text of an API key: <c>tlk_</c> and 52 base32 characters with 260 random bits.</summary>
public static class ApiKeySecret
{
    private const string Start = "tlk_";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Letters = 52;

    /// <summary>Length of the prefix that is stored in plain text, so that users can distinguish keys.</summary>
    public const int PrefixLength = 10;

    // Each base32 character carries 5 bits, and all are equally likely.
    public static string New() => Start + RandomNumberGenerator.GetString(Alphabet, Letters);

    /// <summary>Returns the SHA-256 of the key. A fast hash without salt is sufficient for a key with 260 random bits.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
