namespace VideoUnderstanding.Media;

/// <summary>Detects streams without a file header: MPEG program streams and elementary video streams. Their units begin with the start code
/// 0, 0, 1. Recorders may write their own header first.</summary>
internal static class ElementaryStreams
{
    // profile_idc of H.264 (ITU-T H.264, annexes A, G and H).
    private static readonly byte[] Profiles = [44, 66, 77, 83, 86, 88, 100, 110, 118, 122, 128, 134, 138, 139, 144, 244];

    private static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    /// <summary>FFmpeg's demuxer name; null for anything else.</summary>
    public static string? Find(ReadOnlySpan<byte> start)
    {
        var (h264, hevc, mpeg, mpeg4) = (Parts.None, Parts.None, Parts.None, Parts.None);
        for (var rest = start; rest.IndexOf(StartCode) is var at and >= 0;)
        {
            rest = rest[(at + StartCode.Length)..];
            if (rest.Length < 2)
                break;
            if (IsPack(rest))
                return "mpeg";
            (h264, hevc) = (h264 | ClassifyH264(rest), hevc | ClassifyHevc(rest));
            (mpeg, mpeg4) = (mpeg | ClassifyMpeg(rest[0]), mpeg4 | ClassifyMpeg4(rest[0]));
        }
        return hevc == Parts.All ? "hevc" : h264 == Parts.All ? "h264"
            // The codes of MPEG-1 and MPEG-2 have other meanings in MPEG-4, whose own codes are reserved in MPEG-1 and MPEG-2.
            : mpeg4 == Parts.All ? "m4v" : mpeg == Parts.All ? "mpegvideo" : null;
    }

    /// <summary>A pack header of a program stream (ISO/IEC 13818-1, 2.5.3.3, or 11172-1) followed by a start code.</summary>
    private static bool IsPack(ReadOnlySpan<byte> code)
    {
        const int first = 11;
        const int second = 13;
        if (code.Length < second || code[0] != 0xBA)
            return false;
        var length = (code[1] & 0xC4) == 0x44 ? first + (code[10] & 7) : (code[1] & 0xF1) == 0x21 ? first - 2 : 0;
        return length > 0 && code.Length > length && code[length..].StartsWith(StartCode);
    }

    // ITU-T H.264, table 7-1: 7 and 8 are parameter sets, 1 and 5 slices. The highest bit is always 0.
    private static Parts ClassifyH264(ReadOnlySpan<byte> unit) => (unit[0] & 0x80) != 0 ? Parts.None : (unit[0] & 0x1F) switch
    {
        7 => Profiles.AsSpan().Contains(unit[1]) ? Parts.Sequence : Parts.None,
        8 => Parts.Parameters,
        1 or 5 => Parts.Picture,
        _ => Parts.None,
    };

    // ITU-T H.265, table 7-1: two bytes with layer 0 and a temporal id above 0; 32 to 34 are parameter sets, up to 21 slices.
    private static Parts ClassifyHevc(ReadOnlySpan<byte> unit)
        => (unit[0] & 0x81) != 0 || unit[1] is 0 or > 7 ? Parts.None : (unit[0] >> 1) switch
        {
            33 => Parts.Sequence,
            32 or 34 => Parts.Parameters,
            <= 21 => Parts.Picture,
            _ => Parts.None,
        };

    // ISO/IEC 13818-2, table 6-1: sequence header, picture, slices.
    private static Parts ClassifyMpeg(byte code) => code switch
    {
        0xB3 => Parts.Sequence,
        0x00 => Parts.Parameters,
        >= 0x01 and <= 0xAF => Parts.Picture,
        _ => Parts.None,
    };

    // ISO/IEC 14496-2, table 6-3: visual object sequence, video object layer, video object plane.
    private static Parts ClassifyMpeg4(byte code) => code switch
    {
        0xB0 => Parts.Sequence,
        >= 0x20 and <= 0x2F => Parts.Parameters,
        0xB6 => Parts.Picture,
        _ => Parts.None,
    };

    [Flags]
    private enum Parts
    {
        None = 0, Sequence = 1, Parameters = 2, Picture = 4, All = 7,
    }
}
