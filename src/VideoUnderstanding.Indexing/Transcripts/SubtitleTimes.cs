using System.Globalization;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>Parses the time line of a cue: two times with an arrow between them. Settings after them are ignored.</summary>
internal static partial class SubtitleTimes
{
    public const string Arrow = "-->";

    /// <summary>SRT: optional hours and fraction, comma or dot, one or two digits.</summary>
    public static bool TryReadSubRip(string line, out double start, out double end)
        => TryRead(SubRipLine().Match(line), out start, out end);

    /// <summary>WebVTT as specified by the W3C: optional hours, two digits each for minutes and seconds, a dot and three digits.</summary>
    public static bool TryReadWebVtt(string line, out double start, out double end)
        => TryRead(WebVttLine().Match(line), out start, out end);

    private static bool TryRead(Match match, out double start, out double end)
    {
        (start, end) = (0, 0);
        return match.Success && TryRead(match, 1, out start) && TryRead(match, 5, out end);
    }

    private static bool TryRead(Match match, int group, out double seconds)
    {
        var minutes = Part(match, group + 1);
        var whole = Part(match, group + 2);
        // The digits are a decimal fraction: "1,5" is 1.5 s.
        var fraction = match.Groups[group + 3].Success ? double.Parse($"0.{match.Groups[group + 3].Value}", CultureInfo.InvariantCulture)
            : 0;
        seconds = Part(match, group) * 3600.0 + minutes * 60 + whole + fraction;
        return minutes < 60 && whole < 60;
    }

    private static int Part(Match match, int group)
        => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^\s*(?:([0-9]{1,6}):)?([0-9]{1,2}):([0-9]{1,2})(?:\s*[.,:]\s*([0-9]{1,6}))?\s*-->\s*"
            + @"(?:([0-9]{1,6}):)?([0-9]{1,2}):([0-9]{1,2})(?:\s*[.,:]\s*([0-9]{1,6}))?(?:\s.*)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex SubRipLine();

    [GeneratedRegex(
        @"^[ \t\f]*(?:([0-9]{1,6}):)?([0-9]{2}):([0-9]{2})\.([0-9]{3})[ \t\f]*-->[ \t\f]*"
            + @"(?:([0-9]{1,6}):)?([0-9]{2}):([0-9]{2})\.([0-9]{3})(?![0-9])",
        RegexOptions.CultureInvariant)]
    private static partial Regex WebVttLine();
}
