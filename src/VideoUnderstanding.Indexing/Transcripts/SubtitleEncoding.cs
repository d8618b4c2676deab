using System.Text;
using UtfUnknown;

namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>Finds out the encoding of a file of subtitles: its byte order mark, else UTF-8 if the bytes are that, else what its letters
/// look like.</summary>
internal static class SubtitleEncoding
{
    /// <summary>Bytes that the detection looks at.</summary>
    private const int MaxDetected = 256 * 1024;

    /// <summary>Bytes that suffice for the detection of double-byte encodings.</summary>
    private const int SureBytes = 1_024;

    private static readonly Encoding[] Marked =
        [new UTF32Encoding(bigEndian: false, byteOrderMark: true), new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Encoding Western;

    /// <summary>What else the detection takes for West European text: encodings of the other languages with Latin letters.</summary>
    private static readonly HashSet<string> Latin = new(StringComparer.OrdinalIgnoreCase)
    {
        "ascii", "windows-1250", "windows-1252", "windows-1254", "windows-1257", "windows-1258", "iso-8859-1", "iso-8859-2", "iso-8859-3",
        "iso-8859-4", "iso-8859-9", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
    };

    /// <summary>The Windows encoding for each ISO encoding. ISO has control characters where Windows has quotes and dashes.</summary>
    private static readonly Dictionary<string, string> OfWindows = new(StringComparer.OrdinalIgnoreCase)
    {
        ["iso-8859-2"] = "windows-1250", ["iso-8859-5"] = "windows-1251", ["iso-8859-6"] = "windows-1256", ["iso-8859-7"] = "windows-1253",
        ["iso-8859-8"] = "windows-1255", ["iso-8859-9"] = "windows-1254", ["iso-8859-11"] = "windows-874", ["tis-620"] = "windows-874",
        ["iso-8859-13"] = "windows-1257", ["iso-8859-16"] = "windows-1250",
    };

    static SubtitleEncoding()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Western = Encoding.GetEncoding(1252);
    }

    public static string Decode(byte[] bytes)
    {
        // The mark of UTF-32 begins with that of UTF-16, so it comes first.
        if (Array.Find(Marked, encoding => bytes.AsSpan().StartsWith(encoding.Preamble)) is { } marked)
            return marked.GetString(bytes.AsSpan(marked.Preamble.Length));
        if (WithoutMark(bytes) is { } utf16)
            return utf16.GetString(bytes);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Detect(bytes).GetString(bytes);
        }
    }

    /// <summary>UTF-16 without a mark: every time line has so many zero bytes on one side that nothing else can be meant.</summary>
    private static Encoding? WithoutMark(byte[] bytes)
    {
        Span<int> zeros = [0, 0];
        for (var i = 0; i < bytes.Length; i++)
            if (bytes[i] == 0)
                zeros[i % 2]++;
        var share = bytes.Length / 8;
        return zeros[1] > share && zeros[0] == 0 ? Encoding.Unicode : zeros[0] > share && zeros[1] == 0 ? Encoding.BigEndianUnicode : null;
    }

    private static Encoding Detect(byte[] bytes)
    {
        var sample = bytes.AsSpan(0, Math.Min(bytes.Length, MaxDetected)).ToArray();
        var found = CharsetDetector.DetectFromBytes(sample).Detected;
        if (found is null || (Latin.Contains(found.EncodingName) && IsMultiByte(sample)))
            // A few double-byte characters are too few for the detection; the same ones several times are not.
            found = CharsetDetector.DetectFromBytes([.. Enumerable.Repeat(sample, 1 + SureBytes / sample.Length).SelectMany(part => part)])
                .Detected;
        if (found is null)
            return Western;
        var encoding = sample.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0x9F) && OfWindows.TryGetValue(found.EncodingName, out var name)
            ? Encoding.GetEncoding(name) : found.Encoding;
        return encoding is null || (Latin.Contains(found.EncodingName) && IsWestern(sample, encoding)) ? Western : encoding;
    }

    /// <summary>True if most bytes above ASCII stand next to each other. In languages with Latin letters they hardly ever do.</summary>
    private static bool IsMultiByte(byte[] bytes)
    {
        var (high, joined) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
                continue;
            high++;
            if ((i > 0 && bytes[i - 1] >= 0x80) || (i + 1 < bytes.Length && bytes[i + 1] >= 0x80))
                joined++;
        }
        return joined > high / 2;
    }

    /// <summary>True unless at least two letters, and one in a hundred, are others than in Windows-1252. English with quotes and a foreign
    /// name is often taken for Polish or Czech, which have many such letters.</summary>
    private static bool IsWestern(byte[] bytes, Encoding detected)
    {
        var (one, other) = (Western.GetString(bytes), detected.GetString(bytes));
        if (one.Length != other.Length)
            return false;
        var (letters, different) = (0, 0);
        for (var i = 0; i < one.Length; i++)
        {
            if (!char.IsLetter(other[i]))
                continue;
            letters++;
            if (one[i] != other[i])
                different++;
        }
        return different < Math.Max(2, letters / 100);
    }
}
