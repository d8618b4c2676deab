using System.Buffers.Binary;

namespace VideoUnderstanding.Media;

/// <summary>Selects the demuxer by the first bytes of a file. The signatures are those of the formats' specifications.</summary>
internal static class Signatures
{
    // Packet sizes of transport streams: as broadcast, with a time code before each, with check bytes after each.
    private static readonly int[] TransportPackets = [188, 192, 204];

    private static ReadOnlySpan<byte> PartitionKey => [0x06, 0x0E, 0x2B, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0D, 0x01, 0x02, 0x01, 0x01, 0x02];

    /// <summary>Null for an unsupported kind.</summary>
    public static string? Find(ReadOnlySpan<byte> start)
        => start.StartsWith("ID3"u8) ? AfterTag(start)
            : Fixed(start) ?? (IsMaterialExchange(start) ? "mxf" : IsTransportStream(start) ? "mpegts" : null)
                ?? ElementaryStreams.Find(start) ?? Sync(start);

    private static string? Fixed(ReadOnlySpan<byte> start) => start switch
    {
        _ when IsAtom(start) => "mov",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "matroska",
        _ when start.StartsWith("RIFF"u8) || start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8) => Riff(start),
        _ when start.StartsWith("riff."u8) => "w64",
        _ when start.StartsWith("FORM"u8) && At(start, 8, "AIF"u8) => "aiff",
        _ when start.StartsWith("caff"u8) => "caf",
        _ when start.StartsWith("fLaC"u8) => "flac",
        _ when start.StartsWith("OggS"u8) => "ogg",
        _ when start.StartsWith("FLV"u8) => "flv",
        [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, ..] => "asf",
        [0x00, 0x00, 0x01, 0xBA, ..] => "mpeg",
        _ when start.StartsWith("nut/multimedia container\0"u8) => "nut",
        _ when start.StartsWith(".RMF"u8) || start.StartsWith(".ra"u8) => "rm",
        [0x1F, 0x07, 0x00, ..] => "dv",
        _ when start.StartsWith("GIF8"u8) => "gif",
        _ when start.StartsWith("DKIF"u8) => "ivf",
        _ when start.StartsWith("#!AMR"u8) => "amr",
        _ when start.StartsWith("wvpk"u8) => "wv",
        _ when start.StartsWith("DHAV"u8) => "dhav",
        // AV1 open bit stream: an empty temporal delimiter, then a sequence header.
        [0x12, 0x00, 0x0A, ..] => "obu",
        _ => null,
    };

    // The length of an atom, then its name. Cameras may write atoms of their own first.
    private static bool IsAtom(ReadOnlySpan<byte> start)
    {
        const int header = 8;
        for (var atoms = 0; atoms < 16 && start.Length >= header; atoms++)
        {
            if (IsKnownAtom(start))
                return true;
            var length = BinaryPrimitives.ReadUInt32BigEndian(start);
            if (length < header || length > start.Length || start.Slice(4, 4).IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
                return false;
            start = start[(int)length..];
        }
        return false;
    }

    // JPEG 2000 in Motion has a signature box first.
    private static bool IsKnownAtom(ReadOnlySpan<byte> start)
        => start.Slice(4, 4) is var name
            && (name.SequenceEqual("ftyp"u8) || name.SequenceEqual("moov"u8) || name.SequenceEqual("mdat"u8) || name.SequenceEqual("free"u8)
                || name.SequenceEqual("skip"u8)
                || name.SequenceEqual("wide"u8) || name.SequenceEqual("junk"u8) || name.SequenceEqual("pnot"u8)
                || name.SequenceEqual("uuid"u8) || name.SequenceEqual("udta"u8)
                || name.SequenceEqual("styp"u8) || name.SequenceEqual("moof"u8) || name.SequenceEqual("sidx"u8)
                || (name.SequenceEqual("jP  "u8) && At(start, 20, "mjp2"u8)));

    private static string? Riff(ReadOnlySpan<byte> start)
        => At(start, 8, "AVI"u8) ? "avi" : At(start, 8, "WAVE"u8) ? "wav" : null;

    // The key of a partition pack, after at most 64 KB of other data.
    private static bool IsMaterialExchange(ReadOnlySpan<byte> start)
        => start.IndexOf(PartitionKey) >= 0;

    private static bool IsTransportStream(ReadOnlySpan<byte> start)
    {
        const byte sync = 0x47;
        // A recorder may have written its own header first; farther from the start more packets must match.
        const int near = 5;
        const int far = 10;
        foreach (var size in TransportPackets)
            for (var first = 0; first + (near - 1) * size < start.Length; first++)
            {
                var (found, needed) = (0, first < size ? near : far);
                while (found < needed && first + found * size < start.Length && start[first + found * size] == sync)
                    found++;
                if (found == needed)
                    return true;
            }
        return false;
    }

    private static string? Sync(ReadOnlySpan<byte> start) => start switch
    {
        // Bit stream identification: up to 10 is AC-3, above is enhanced AC-3.
        [0x0B, 0x77, _, _, _, var identification, ..] => identification >> 3 > 10 ? "eac3" : "ac3",
        // Eleven one bits (twelve for ADTS), then version and layer; layer 0 is ADTS.
        [0xFF, var second, ..] when (second & 0xF6) == 0xF0 => "aac",
        [0xFF, var second, ..] when (second & 0xE0) == 0xE0 && (second & 0x06) != 0 && (second & 0x18) != 0x08 => "mp3",
        _ => null,
    };

    // The tag's length is four times seven bits; a footer of ten bytes may follow.
    private static string AfterTag(ReadOnlySpan<byte> start)
    {
        if (start.Length < 10)
            return "mp3";
        var length = BinaryPrimitives.ReadUInt32BigEndian(start[6..]);
        var after = 10 + (int)((length & 0x7F) | (length >> 1 & 0x3F80) | (length >> 2 & 0x1FC000) | (length >> 3 & 0xFE00000))
            + ((start[5] & 0x10) != 0 ? 10 : 0);
        var kind = after < start.Length ? Sync(start[after..]) ?? Fixed(start[after..]) : null;
        return kind is "aac" or "flac" or "ac3" or "eac3" or "wv" ? kind : "mp3";
    }

    private static bool At(ReadOnlySpan<byte> start, int offset, ReadOnlySpan<byte> text)
        => start.Length > offset && start[offset..].StartsWith(text);
}
