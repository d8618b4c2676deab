namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>Parses SubRip (SRT) and WebVTT in all common encodings. Invalid lines are dropped and reported with their numbers.</summary>
public static class SubtitleParser
{
    /// <summary>Maximum file size; two hours of dense speech need 2 % of it.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <exception cref="FormatException">Not SRT or VTT, too large, or without any valid cue. The message contains the line
    /// number.</exception>
    public static async Task<SubtitleFile> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(block, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > MaxBytes)
                throw new FormatException($"The transcript is larger than {MaxBytes} bytes.");
            bytes.Write(block, 0, read);
        }
        return Parse(SubtitleEncoding.Decode(bytes.ToArray()), cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<SubtitleFile> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return await ReadAsync(stream, cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync"/>
    public static SubtitleFile Parse(string text, CancellationToken cancellationToken)
    {
        // The only line ends of both formats; U+0085 and U+2028 are text.
        var lines = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var dropped = new DroppedLineList();
        List<SubtitleCue> cues;
        if (WebVttReader.IsHeader(lines[0]))
            cues = WebVttReader.Read(lines, dropped, cancellationToken);
        else if (lines[0].StartsWith(WebVttReader.Signature, StringComparison.Ordinal))
            throw new FormatException($"Line 1: after {WebVttReader.Signature} a blank or the end of the line is expected.");
        else if (text.Contains('\0'))
            throw new FormatException("Line 1: the file is not text.");
        else
            cues = SubRipReader.Read(lines, dropped, cancellationToken);
        if (cues.Count == 0 && dropped.Entries is [var first, ..])
            throw new FormatException($"Line {first.First}: {first.Reason}.");
        return new SubtitleFile([.. cues.OrderBy(cue => cue.Start)], dropped.Entries);
    }
}
