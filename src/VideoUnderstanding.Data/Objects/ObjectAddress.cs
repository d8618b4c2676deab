using System.Text;

namespace VideoUnderstanding.Data.Objects;

/// <summary>
/// Address of an object: <c>s3://bucket/key</c>. The key may be percent-encoded as UTF-8; a literal percent sign is written <c>%25</c>.
/// The characters <c>+</c>, <c>?</c> and <c>#</c> have no special meaning.
/// </summary>
public sealed record ObjectAddress(string Bucket, string Key)
{
    private const string Prefix = "s3://";
    private const int MinBucketLength = 3;
    private const int MaxBucketLength = 255;
    private const int MaxKeyBytes = 1024;

    /// <summary>Returns true if the text starts with <c>s3://</c>.</summary>
    public static bool IsObjectAddress(string text) => text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">The text is no valid address; the message is for the user.</exception>
    public static ObjectAddress Parse(string text)
    {
        if (!IsObjectAddress(text))
            throw new FormatException("It must be written s3://bucket/key.");
        var (bucket, key) = text[Prefix.Length..].Split('/', 2) is [var first, var rest] ? (first, Uri.UnescapeDataString(rest))
            : (text[Prefix.Length..], "");
        if (!IsBucketName(bucket))
            throw new FormatException("Its bucket is not a name of letters, digits, dots, dashes and underscores.");
        if (key.Length == 0)
            throw new FormatException("It names no key: it must be written s3://bucket/key.");
        if (Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
            throw new FormatException($"Its key has more than {MaxKeyBytes} bytes.");
        if (key.Contains('\0') || key.EndsWith('/'))
            throw new FormatException("Its key can not be the key of a file.");
        // HTTP clients would resolve these segments, which changes the key or even the bucket.
        if (key.Split('/').Any(part => part is "." or ".."))
            throw new FormatException("Its key must not have a part that is . or ..");
        return new ObjectAddress(bucket, key);
    }

    /// <summary>Returns the address as text, which <see cref="Parse"/> accepts, even with surrounding white space.</summary>
    public override string ToString() => $"{Prefix}{Bucket}/{Escape(Key)}";

    /// <summary>Encodes a key or a path for a transfer address.</summary>
    public static string Escape(string path)
    {
        var escaped = path.Replace("%", "%25", StringComparison.Ordinal);
        return escaped.Length > 0 && char.IsWhiteSpace(escaped[^1]) ? escaped[..^1] + Uri.EscapeDataString(escaped[^1..]) : escaped;
    }

    public static bool IsBucketName(string text)
        => text.Length is >= MinBucketLength and <= MaxBucketLength
            && char.IsAsciiLetterOrDigit(text[0])
            && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');
}
