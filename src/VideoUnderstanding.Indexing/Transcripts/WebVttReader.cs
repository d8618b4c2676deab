namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>Parses WebVTT by the W3C rules (WebVTT: The Web Video Text Tracks Format, section 6.1): only an empty line or a line with an
/// arrow ends a block. Malformed blocks are dropped.</summary>
internal static class WebVttReader
{
    public const string Signature = "WEBVTT";

    public static bool IsHeader(string line)
        => line.StartsWith(Signature, StringComparison.Ordinal)
            && (line.Length == Signature.Length || line[Signature.Length] is ' ' or '\t');

    public static List<SubtitleCue> Read(string[] lines, DroppedLineList dropped, CancellationToken cancellationToken)
    {
        var cues = new List<SubtitleCue>();
        // The header ends at an empty line, or at an arrow of the first cue.
        var at = 1;
        while (at < lines.Length && lines[at].Length > 0 && !HasArrow(lines[at]))
            at++;
        while (at < lines.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            at = lines[at].Length == 0 ? at + 1 : ReadBlock(lines, at, cues, dropped);
        }
        return cues;
    }

    /// <returns>Index of the line after the block.</returns>
    private static int ReadBlock(string[] lines, int first, List<SubtitleCue> cues, DroppedLineList dropped)
    {
        // The first line may be an identifier; the time line is one of the first two.
        var timeLine = HasArrow(lines[first]) ? first : first + 1 < lines.Length && HasArrow(lines[first + 1]) ? first + 1 : -1;
        var end = (timeLine < 0 ? first : timeLine) + 1;
        while (end < lines.Length && lines[end].Length > 0 && !HasArrow(lines[end]))
            end++;
        if (timeLine < 0)
        {
            if (!IsNonCueBlock(lines[first]))
                dropped.Add(first, end, "the block has no time line with -->");
        }
        else if (!SubtitleTimes.TryReadWebVtt(lines[timeLine], out var start, out var stop))
        {
            dropped.Add(first, end, "times like 00:00:01.000 --> 00:00:02.000 are expected");
        }
        else if (stop <= start)
        {
            dropped.Add(first, end, "the cue does not end after its start");
        }
        else if (SubtitleMarkup.Strip(string.Join('\n', lines[(timeLine + 1)..end]).Replace('\0', '\uFFFD')) is { Length: > 0 } text)
        {
            cues.Add(new SubtitleCue(start, stop, text));
        }
        return end;
    }

    /// <summary>Returns true for comments, style sheets and regions.</summary>
    private static bool IsNonCueBlock(string line)
        => line == "NOTE" || line.StartsWith("NOTE ", StringComparison.Ordinal) || line.StartsWith("NOTE\t", StringComparison.Ordinal)
            || line.TrimEnd(' ', '\t') is "STYLE" or "REGION";

    private static bool HasArrow(string line) => line.Contains(SubtitleTimes.Arrow, StringComparison.Ordinal);
}
