using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace VideoUnderstanding.Indexing.Filenames;

/// <summary>
/// The parameters of a Content-Disposition header in all forms that are in use: quoted strings with backslashes (RFC 9110; Go, Java, curl
/// before 7.81), percent encoding in forms (WHATWG; browsers, curl, Python), extended values (RFC 8187), their continuations (RFC 2231),
/// and encoded words (RFC 2047; .NET). Unescaped quotes belong to the value unless another parameter follows.
/// </summary>
public sealed partial class ContentDisposition
{
    private readonly Dictionary<string, string> _parameters;

    private ContentDisposition(Dictionary<string, string> parameters) => _parameters = parameters;

    /// <summary>Name of the form field; null if missing.</summary>
    public string? Name => _parameters.TryGetValue("name", out var raw) ? Unescape(raw) : null;

    /// <summary>Parses a header and ignores malformed parameters.</summary>
    public static ContentDisposition Parse(string header)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var at = header.IndexOf(';', StringComparison.Ordinal); at >= 0 && at < header.Length;)
        {
            var match = Parameter().Match(header, at);
            if (!match.Success)
                break;
            at = match.Index + match.Length;
            var isQuoted = at < header.Length && header[at] == '"';
            var end = isQuoted ? EndOfQuoted(header, at + 1) : EndOfToken(header, at);
            var value = isQuoted ? header[(at + 1)..end] : header[at..end].Trim();
            parameters.TryAdd(match.Groups[1].Value, value);
            at = header.IndexOf(';', end);
        }
        return new ContentDisposition(parameters);
    }

    /// <param name="isForm">True for a part of a multipart form, where senders percent-encode some characters.</param>
    /// <returns>The file name as sent; null if missing.</returns>
    public string? Filename(bool isForm)
    {
        if (_parameters.TryGetValue("filename*", out var extended) && Extended(extended) is { } whole)
            return whole;
        if (Continued() is { } joined)
            return joined;
        if (!_parameters.TryGetValue("filename", out var raw))
            return null;
        var name = EncodedWords(AsUtf8(Unescape(raw)));
        // Senders that escape quotes with backslashes do not percent-encode them.
        return isForm && !raw.Contains("\\\"", StringComparison.Ordinal)
            ? name.Replace("%22", "\"", StringComparison.Ordinal).Replace("%0D", "\r", StringComparison.Ordinal)
                .Replace("%0A", "\n", StringComparison.Ordinal)
            : name;
    }

    /// <summary>Returns the position of the closing quote, or the end of the header if there is none.</summary>
    private static int EndOfQuoted(string header, int start)
    {
        var last = -1;
        var isEscaped = false;
        for (var at = start; at < header.Length; at++)
        {
            if (header[at] == '"' && AfterValue().IsMatch(header, at + 1))
            {
                if (!isEscaped)
                    return at;
                last = at;
            }
            isEscaped = header[at] == '\\' && !isEscaped;
        }
        // Browsers do not escape a backslash at the end of a name.
        return last >= 0 ? last : header.Length;
    }

    private static int EndOfToken(string header, int start)
        => header.IndexOf(';', start) is >= 0 and var end ? end : header.Length;

    /// <summary>Only quotes and backslashes are escaped; other backslashes belong to Windows paths.</summary>
    private static string Unescape(string quoted) => Escape().Replace(quoted, "$1");

    /// <summary>HttpClient decodes headers as Latin-1, but most servers send UTF-8.</summary>
    private static string AsUtf8(string text)
    {
        if (text.All(char.IsAscii) || text.Any(letter => letter > 0xFF))
            return text;
        var bytes = Encoding.Latin1.GetBytes(text);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : text;
    }

    private static string? Extended(string value)
    {
        var parts = value.Split('\'', 3);
        return parts.Length == 3 && EncodingOf(parts[0]) is { } encoding && PercentDecoded(parts[2]) is { } bytes
            ? encoding.GetString(bytes)
            : null;
    }

    /// <summary>Joins <c>filename*0*=</c>, <c>filename*1=</c> and so on; null without the first.</summary>
    private string? Continued()
    {
        var bytes = new List<byte>();
        var encoding = Encoding.UTF8;
        for (var number = 0; ; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"filename*{number}");
            if (_parameters.TryGetValue(name, out var plain))
                bytes.AddRange(encoding.GetBytes(Unescape(plain)));
            else if (_parameters.TryGetValue($"{name}*", out var extended))
            {
                var parts = number == 0 ? extended.Split('\'', 3) : ["", "", extended];
                if (parts.Length < 3 || PercentDecoded(parts[2]) is not { } decoded)
                    return null;
                if (number == 0)
                    encoding = EncodingOf(parts[0]) ?? encoding;
                bytes.AddRange(decoded);
            }
            else
                return number == 0 ? null : encoding.GetString([.. bytes]);
        }
    }

    private static Encoding? EncodingOf(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Returns null if a percent sign is not followed by two hexadecimal digits.</summary>
    private static byte[]? PercentDecoded(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
                bytes.AddRange(Encoding.UTF8.GetBytes(text, at, 1));
            else if (at + 2 < text.Length
                && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                at += 2;
            }
            else
                return null;
        }
        return [.. bytes];
    }

    private static string EncodedWords(string text)
        => EncodedWord().Replace(BetweenWords().Replace(text, "?==?"), match =>
        {
            var content = match.Groups[3].Value;
            var bytes = match.Groups[2].Value is "B" or "b" ? FromBase64(content)
                : PercentDecoded(content.Replace("%", "%25", StringComparison.Ordinal).Replace('=', '%').Replace('_', ' '));
            return bytes is not null && EncodingOf(match.Groups[1].Value) is { } encoding ? encoding.GetString(bytes) : match.Value;
        });

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }

    [GeneratedRegex(@"\G[;\s]*([^\s=;""]+)\s*=\s*")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\G\s*(?:$|;\s*(?:$|[^\s=;""]+\s*=))")]
    private static partial Regex AfterValue();

    [GeneratedRegex(@"\\([\\""])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=\s+=\?")]
    private static partial Regex BetweenWords();
}
