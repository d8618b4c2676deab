namespace VideoUnderstanding.Inference.Speech;

/// <summary>Where the end of a full window tears what is said. Samples from the start of the sound.</summary>
/// <param name="From">Speech from here on is left to the next window.</param>
/// <param name="Resume">The next window may hear from here on: up to <paramref name="From"/> there are no words that were told, and no other speech.</param>
internal readonly record struct WindowTear(long From, long Resume)
{
    // Times are good to about this much: an end this near the window's end, or speech this short after the last words, means nothing. Seconds.
    private const double Slack = 0.5;

    // Speech is only heard again when the window that hears it begins later by this much, or leaves this much speech behind: every step must get on. Seconds.
    private const double LeastProgress = 1;

    /// <returns>Null when nothing is torn, or when hearing it again would give the same.</returns>
    public static WindowTear? Find(SpeechWindow window, IReadOnlyList<SpokenPiece> pieces, int sampleRate)
    {
        if (!window.Continues || pieces.Count == 0)
            return null;
        var last = pieces[^1];
        var tear = last.End is not { } end || window.At(end, sampleRate) > window.End + Slack * sampleRate
            ? OfSentence(window, pieces, sampleRate)
            : OfSilence(window, window.At(end, sampleRate), sampleRate);
        return tear is { } found && window.VoicesFrom(found.From).Count > 0 ? found : null;
    }

    /// <summary>The last sentence has no end. Alone it is as long as a window can hear, and stays as it is.</summary>
    private static WindowTear? OfSentence(SpeechWindow window, IReadOnlyList<SpokenPiece> pieces, int sampleRate)
    {
        var from = window.At(pieces[^1].Start, sampleRate);
        return pieces.Count > 1 && from >= window.Voices[0].Start + LeastProgress * sampleRate ? new WindowTear(from, from) : null;
    }

    /// <summary>Speech after the last words of the transcript was not understood, perhaps for want of its end.</summary>
    private static WindowTear? OfSilence(SpeechWindow window, long wordsEnd, int sampleRate)
    {
        var left = window.Voices.Index().FirstOrDefault(voice => voice.Item.Start > wordsEnd - Slack / 2 * sampleRate && voice.Item.Length >= Slack * sampleRate);
        if (left.Item.Length == 0 || left.Item.Start < window.Start + LeastProgress * sampleRate)
            return null;
        // Where nothing of the speech was understood, the sound before it has misled the network: it is not heard again.
        var resume = left.Index == 0 ? left.Item.Start : Math.Min(left.Item.Start, Math.Max(wordsEnd, window.Voices[left.Index - 1].End));
        return new WindowTear(left.Item.Start, resume);
    }
}
