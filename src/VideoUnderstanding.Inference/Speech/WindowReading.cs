namespace VideoUnderstanding.Inference.Speech;

/// <summary>What one window's transcript says on the sound's time line.</summary>
/// <param name="Unfinished">Speech that the next window must hear again from its beginning; empty when nothing is torn.</param>
internal sealed record WindowReading(IReadOnlyList<SpeechSegment> Segments, IReadOnlyList<VoiceRegion> Unfinished)
{
    // Times are good to about this much: an end this near the window's end, or speech this short after the last words, means nothing.
    private const double Slack = 0.5;

    // A sentence torn at the end is only heard again when this much of the window stays behind: every step must get on.
    private const double LeastProgress = 1;

    public static WindowReading Read(SpeechWindow window, Transcript transcript, WhisperFiles files)
    {
        if (transcript.IsSilence(files.Settings))
            return new WindowReading([], []);
        var rate = (double)files.Mel.SampleRate;
        var offset = window.Start / rate;
        var length = window.Length / rate;
        var pieces = SpokenPiece.Parse(transcript.Tokens, files.Tokenizer.FirstTimestamp, files.TimestampStep, files.Tokenizer.Decode);
        var near = files.Settings.MarginSeconds;
        var torn = window.Continues ? TornFrom(pieces, window, rate) : null;
        var unfinished = torn is { } from ? After(window, (long)((offset + from) * rate)) : [];
        if (unfinished.Count == 0)
            torn = null;
        var spoken = pieces
            .Where(piece => torn is null || piece.Start < torn)
            .Select(piece => new SpeechSegment(offset + piece.Start, offset + Math.Min(piece.End ?? length, length), piece.Text))
            .Where(segment => window.Voices.Any(voice => voice.Start / rate < segment.End + near && voice.End / rate > segment.Start - near));
        var segments = transcript.CompressionRatio > files.Settings.CompressionRatioThreshold ? WithoutRepeats(spoken) : spoken.ToList();
        return new WindowReading(segments, unfinished);
    }

    /// <summary>Seconds from the window's start at which a sentence begins that the window's end tears; null when there is none.</summary>
    private static double? TornFrom(IReadOnlyList<SpokenPiece> pieces, SpeechWindow window, double rate)
    {
        var length = window.Length / rate;
        if (pieces.Count == 0)
            return null;
        var last = pieces[^1];
        double? from = last.End is null || last.End > length + Slack ? last.Start : null;
        if (from is null)
        {
            // Speech after the last words of the transcript was not understood, perhaps for want of its end.
            var left = window.Voices.FirstOrDefault(voice => voice.Start / rate > window.Start / rate + last.End - Slack / 2 && voice.Length / rate >= Slack);
            from = left.Length > 0 ? (left.Start - window.Start) / rate : null;
        }
        return from >= LeastProgress ? from : null;
    }

    private static IReadOnlyList<VoiceRegion> After(SpeechWindow window, long start) =>
        [.. window.Voices.Where(voice => voice.End > start).Select(voice => voice with { Start = Math.Max(voice.Start, start) })];

    /// <summary>A network that has lost its way says one thing again and again; once is enough.</summary>
    private static List<SpeechSegment> WithoutRepeats(IEnumerable<SpeechSegment> segments)
    {
        var kept = new List<SpeechSegment>();
        foreach (var segment in segments)
        {
            if (kept.Count > 0 && string.Equals(kept[^1].Text, segment.Text, StringComparison.OrdinalIgnoreCase))
                kept[^1] = kept[^1] with { End = segment.End };
            else
                kept.Add(segment);
        }
        return kept;
    }
}
