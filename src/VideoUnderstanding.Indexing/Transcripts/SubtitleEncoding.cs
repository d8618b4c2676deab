using System.Text;
using UtfUnknown;

namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>Detects the encoding of a subtitle file: by byte order mark, then UTF-8 if the bytes are valid, then by statistics.</summary>
internal static class SubtitleEncoding
{
    /// <summary>Maximum bytes for the detection.</summary>
    private const int MaxDetected = 256 * 1024;

    /// <summary>Minimum bytes for a reliable detection of double-byte encodings.</summary>
    private const int MinDetectedBytes = 1_024;

    private static readonly Encoding[] WithByteOrderMark =
        [new UTF32Encoding(bigEndian: false, byteOrderMark: true), new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Encoding Western;

    /// <summary>Encodings of Latin scripts that the detector confuses with Windows-1252.</summary>
    private static readonly HashSet<string> Latin = new(StringComparer.OrdinalIgnoreCase)
    {
        "ascii", "windows-1250", "windows-1252", "windows-1254", "windows-1257", "windows-1258", "iso-8859-1", "iso-8859-2", "iso-8859-3",
        "iso-8859-4", "iso-8859-9", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
    };

    /// <summary>Windows encodings by ISO encoding. ISO encodings have control characters where Windows encodings have quotes and
    /// dashes.</summary>
    private static readonly Dictionary<string, string> WindowsEncodings = new(StringComparer.OrdinalIgnoreCase)
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
        // UTF-32 comes first, because its mark begins with that of UTF-16.
        if (Array.Find(WithByteOrderMark, encoding => bytes.AsSpan().StartsWith(encoding.Preamble)) is { } marked)
            return marked.GetString(bytes.AsSpan(marked.Preamble.Length));
        if (DetectUtf16(bytes) is { } utf16)
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

    /// <summary>Detects UTF-16 without a byte order mark, by the zero bytes of ASCII characters.</summary>
    private static Encoding? DetectUtf16(byte[] bytes)
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
            // The detector needs more bytes than the sample has, so the sample is repeated.
            found = CharsetDetector
                .DetectFromBytes([.. Enumerable.Repeat(sample, 1 + MinDetectedBytes / sample.Length).SelectMany(part => part)]).Detected;
        if (found is null)
            return Western;
        var encoding = sample.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0x9F)
            && WindowsEncodings.TryGetValue(found.EncodingName, out var name)
            ? Encoding.GetEncoding(name) : found.Encoding;
        return encoding is null || (Latin.Contains(found.EncodingName) && IsWestern(sample, encoding)) ? Western : encoding;
    }

    /// <summary>Returns true if most non-ASCII bytes are adjacent, which is rare in Latin scripts.</summary>
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

    /// <summary>Returns false if at least two letters and 1 % of them differ from Windows-1252. English text with typographic quotes or a
    /// foreign name is often detected as Polish or Czech.</summary>
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
