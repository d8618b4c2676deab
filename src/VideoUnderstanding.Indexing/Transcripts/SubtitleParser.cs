using System.Globalization;
using System.Text;

namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>
/// Reads SubRip (SRT) and WebVTT transcripts. Generous where players are: byte order marks, any line ends, optional hours, comma or dot,
/// cue settings, markup, stray blank lines inside SRT text. Strict about times: a line with an arrow that is no time line is an error.
/// Facts of the VTT format: W3C, WebVTT: The Web Video Text Tracks Format.
/// </summary>
public static class SubtitleParser
{
    /// <summary>Larger transcripts are refused: two hours of dense speech need a fiftieth of this.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Cues in order of their start.</summary>
    /// <exception cref="FormatException">Not SRT or VTT, or too large. The message names the line.</exception>
    public static async Task<IReadOnlyList<SubtitleCue>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(block, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > MaxBytes)
                throw new FormatException($"The transcript is larger than {MaxBytes} bytes.");
            bytes.Write(block, 0, read);
        }
        return Parse(Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)), cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<IReadOnlyList<SubtitleCue>> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return await ReadAsync(stream, cancellationToken);
    }

    /// <summary>Cues in order of their start.</summary>
    /// <exception cref="FormatException">Not SRT or VTT. The message names the line.</exception>
    public static IReadOnlyList<SubtitleCue> Parse(string text, CancellationToken cancellationToken)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        if (text.Contains('\0'))
            throw new FormatException("Line 1: the file is not text.");
        var cues = IsVttHeader(lines[0]) ? ReadVtt(lines, cancellationToken) : ReadSrt(lines, cancellationToken);
        return [.. cues.OrderBy(cue => cue.Start)];
    }

    /// <summary>UTF-8 or, by its mark, UTF-16; older SRT files that are neither are read as Latin-1, which never fails.</summary>
    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.Unicode.Preamble))
            return Encoding.Unicode.GetString(bytes[2..]);
        if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static bool IsVttHeader(string line)
        => line.StartsWith("WEBVTT", StringComparison.Ordinal) && (line.Length == 6 || line[6] is ' ' or '\t');

    private static List<SubtitleCue> ReadVtt(string[] lines, CancellationToken cancellationToken)
    {
        var cues = new List<SubtitleCue>();
        var at = EndOfBlock(lines, 0);
        while (at < lines.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var first = lines[at].Trim();
            if (first.Length == 0)
                at++;
            else if (IsVttAside(first))
                at = EndOfBlock(lines, at);
            else
            {
                // A block of a cue may begin with an identifier; an identifier has no arrow and the time line follows it.
                var timeLine = first.Contains(SubtitleTimes.Arrow, StringComparison.Ordinal) ? at : at + 1;
                if (timeLine >= lines.Length)
                    throw Malformed(at, "a time line with --> is expected");
                at = ReadCue(lines, timeLine, cues);
            }
        }
        return cues;
    }

    private static bool IsVttAside(string line)
        => !line.Contains(SubtitleTimes.Arrow, StringComparison.Ordinal)
            && (line == "NOTE" || line.StartsWith("NOTE ", StringComparison.Ordinal) || line.StartsWith("NOTE\t", StringComparison.Ordinal) || line is "STYLE" or "REGION");

    private static List<SubtitleCue> ReadSrt(string[] lines, CancellationToken cancellationToken)
    {
        // Text after a blank line still belongs to the cue before it, as players show it. There may be millions of such lines: they are put together once.
        var (cues, more) = (new List<SubtitleCue>(), new List<string>());
        var sawCue = false;
        for (var at = 0; at < lines.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (string.IsNullOrWhiteSpace(lines[at]))
                at++;
            else if (lines[at].Contains(SubtitleTimes.Arrow, StringComparison.Ordinal))
            {
                var known = cues.Count;
                at = ReadCue(lines, at, cues);
                if (cues.Count > known)
                    Continue(cues, known - 1, more);
                sawCue = true;
            }
            else if (at + 1 < lines.Length && IsNumber(lines[at]) && lines[at + 1].Contains(SubtitleTimes.Arrow, StringComparison.Ordinal))
                at++;
            else if (!sawCue)
                throw Malformed(at, "a number or a time line with --> is expected");
            else
                more.Add(lines[at++]);
        }
        Continue(cues, cues.Count - 1, more);
        return sawCue ? cues : throw new FormatException("Line 1: the file holds no cue.");
    }

    private static void Continue(List<SubtitleCue> cues, int number, List<string> more)
    {
        if (number >= 0 && more.Count > 0)
            cues[number] = cues[number] with { Text = string.Join(' ', more.Select(SubtitleMarkup.Strip).Where(text => text.Length > 0).Prepend(cues[number].Text)) };
        more.Clear();
    }

    private static int ReadCue(string[] lines, int timeLine, List<SubtitleCue> cues)
    {
        if (!SubtitleTimes.TryRead(lines[timeLine], out var start, out var end))
            throw Malformed(timeLine, "times like 00:00:01,000 --> 00:00:02,000 are expected");
        if (end < start)
            throw Malformed(timeLine, "the cue ends before it starts");
        var to = timeLine + 1;
        while (to < lines.Length && !string.IsNullOrWhiteSpace(lines[to]) && !lines[to].Contains(SubtitleTimes.Arrow, StringComparison.Ordinal))
            to++;
        // Without a blank line between two cues, the last line before the arrow is the next cue's number.
        if (to < lines.Length && lines[to].Contains(SubtitleTimes.Arrow, StringComparison.Ordinal) && to > timeLine + 1 && IsNumber(lines[to - 1]))
            to--;
        var text = SubtitleMarkup.Strip(string.Join('\n', lines[(timeLine + 1)..to]));
        if (text.Length > 0 && end > start)
            cues.Add(new SubtitleCue(start, end, text));
        return to;
    }

    private static int EndOfBlock(string[] lines, int at)
    {
        while (at < lines.Length && !string.IsNullOrWhiteSpace(lines[at]))
            at++;
        return at;
    }

    private static bool IsNumber(string line) => line.AsSpan().Trim() is { Length: > 0 and < 10 } digits && digits.IndexOfAnyExceptInRange('0', '9') < 0;

    private static FormatException Malformed(int line, string why) => new(string.Create(CultureInfo.InvariantCulture, $"Line {line + 1}: {why}."));
}
