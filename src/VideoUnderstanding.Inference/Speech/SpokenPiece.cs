namespace VideoUnderstanding.Inference.Speech;

/// <summary>A piece of a window's transcript between two times.</summary>
/// <param name="Start">Seconds from the window's start.</param>
/// <param name="End">Seconds from the window's start; null when the transcript ended before the piece did.</param>
internal sealed record SpokenPiece(double Start, double? End, string Text)
{
    /// <summary>Splits tokens at their times.</summary>
    /// <param name="firstTimestamp">Token of the time 0; each following one is one step later.</param>
    /// <param name="step">Seconds from one time's token to the next.</param>
    public static IReadOnlyList<SpokenPiece> Parse(IReadOnlyList<int> tokens, int firstTimestamp, double step, Func<IEnumerable<int>, string> decode)
    {
        var pieces = new List<SpokenPiece>();
        var words = new List<int>();
        var start = 0.0;
        foreach (var token in tokens)
        {
            if (token < firstTimestamp)
            {
                words.Add(token);
                continue;
            }
            var time = (token - firstTimestamp) * step;
            Close(time);
            start = time;
        }
        Close(null);
        return pieces;

        void Close(double? end)
        {
            var text = decode(words).Trim();
            words.Clear();
            if (text.Length > 0)
                pieces.Add(new SpokenPiece(start, end, text));
        }
    }
}
