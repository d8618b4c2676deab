namespace VideoUnderstanding.Inference.Speech;

/// <summary>What one window's transcript says on the sound's time line.</summary>
/// <param name="Unfinished">Speech that the next window must hear again from its beginning; empty when nothing is torn.</param>
/// <param name="Resume">Where something is torn, the first sample that the next window may hear: all that was told lies before it.</param>
internal sealed record WindowReading(IReadOnlyList<SpeechSegment> Segments, IReadOnlyList<VoiceRegion> Unfinished, long Resume)
{
    public static WindowReading Read(SpeechWindow window, Transcript transcript, WhisperFiles files)
    {
        if (transcript.IsSilence(files.Settings))
            return new WindowReading([], [], window.End);
        var rate = (double)files.Mel.SampleRate;
        var offset = window.Start / rate;
        var length = window.Length / rate;
        // What begins behind the window's end was heard in the silence that fills the chunk.
        var pieces = SpokenPiece.Parse(transcript.Tokens, files.Tokenizer.FirstTimestamp, files.TimestampStep, files.Tokenizer.Decode).Where(piece => piece.Start < length).ToList();
        var near = files.Settings.MarginSeconds;
        var tear = WindowTear.Find(window, pieces, files.Mel.SampleRate);
        var told = pieces
            .Where(piece => tear is not { } torn || window.At(piece.Start, files.Mel.SampleRate) < torn.From)
            .Select(piece => new SpeechSegment(offset + piece.Start, offset + Math.Min(piece.End ?? length, length), piece.Text))
            .Where(segment => window.Voices.Any(voice => voice.Start / rate < segment.End + near && voice.End / rate > segment.Start - near));
        var segments = transcript.CompressionRatio > files.Settings.CompressionRatioThreshold ? WithoutRepeats(told) : told.ToList();
        return new WindowReading(segments, tear is { } found ? window.VoicesFrom(found.From) : [], tear?.Resume ?? window.End);
    }

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
