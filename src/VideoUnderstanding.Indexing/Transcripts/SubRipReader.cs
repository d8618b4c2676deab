namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>Parses SRT as tolerantly as players do: optional numbers and hours, comma or dot, missing and additional blank lines,
/// coordinates after the times. A cue with invalid times is dropped with its text.</summary>
internal sealed class SubRipReader
{
    private readonly string[] _lines;
    private readonly DroppedLineList _dropped;
    private readonly List<SubtitleCue> _cues = [];

    /// <summary>Lines of the open cue; joined once at its end, because there can be millions.</summary>
    private readonly List<string> _text = [];

    private (double Start, double End)? _open;

    /// <summary>Reason for dropping lines outside a cue.</summary>
    private string _reason = "a number or a time line with --> is expected";

    private SubRipReader(string[] lines, DroppedLineList dropped) => (_lines, _dropped) = (lines, dropped);

    public static List<SubtitleCue> Read(string[] lines, DroppedLineList dropped, CancellationToken cancellationToken)
    {
        var reader = new SubRipReader(lines, dropped);
        for (var at = 0; at < lines.Length; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.ReadLine(at);
        }
        reader.Close();
        return reader._cues.Count > 0 || dropped.Entries.Count > 0 ? reader._cues
            : throw new FormatException("Line 1: the file holds no cue.");
    }

    private void ReadLine(int at)
    {
        var line = _lines[at].Trim(' ', '\t', '\uFEFF');
        if (line.Length == 0 || IsNumberOfCue(at, line))
            return;
        if (SubtitleTimes.TryReadSubRip(line, out var start, out var end))
        {
            Close();
            if (end > start)
                _open = (start, end);
            else
                Drop(at, "the cue does not end after its start");
        }
        else if (IsBrokenTimeLine(at, line))
        {
            Close();
            Drop(at, "times like 00:00:01,000 --> 00:00:02,000 are expected");
        }
        // Text after a blank line belongs to the previous cue, as in players.
        else if (_open is not null)
        {
            _text.Add(line);
        }
        else
        {
            _dropped.Add(at, at + 1, _reason);
        }
    }

    private void Drop(int at, string reason)
    {
        _reason = reason;
        _dropped.Add(at, at + 1, reason);
    }

    private void Close()
    {
        if (_open is { } cue && SubtitleMarkup.Strip(string.Join('\n', _text)) is { Length: > 0 } text)
            _cues.Add(new SubtitleCue(cue.Start, cue.End, text));
        _open = null;
        _text.Clear();
    }

    /// <summary>Returns true for a number directly before a time line. If a blank line precedes it, blank lines may follow, as in files
    /// with doubled line ends.</summary>
    private bool IsNumberOfCue(int at, string line)
    {
        if (!IsNumber(line))
            return false;
        var next = at + 1;
        if (at == 0 || string.IsNullOrWhiteSpace(_lines[at - 1]))
            while (next < _lines.Length && string.IsNullOrWhiteSpace(_lines[next]))
                next++;
        return next < _lines.Length && (SubtitleTimes.TryReadSubRip(_lines[next].Trim(' ', '\t', '\uFEFF'), out _, out _)
            || LooksLikeTimeLine(_lines[next], isAfterNumber: true));
    }

    private bool IsBrokenTimeLine(int at, string line) => LooksLikeTimeLine(line, at > 0 && IsNumber(_lines[at - 1].Trim()));

    /// <summary>An arrow can also be text. A time line begins with a digit and contains a colon, or follows a number.</summary>
    private static bool LooksLikeTimeLine(string line, bool isAfterNumber)
    {
        var arrow = line.IndexOf(SubtitleTimes.Arrow, StringComparison.Ordinal);
        if (arrow < 0)
            return false;
        var before = line.AsSpan(0, arrow).Trim();
        return before.Contains(':') && (isAfterNumber || (before.Length > 0 && char.IsAsciiDigit(before[0])));
    }

    private static bool IsNumber(string line) => line.Length is > 0 and < 10 && line.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
