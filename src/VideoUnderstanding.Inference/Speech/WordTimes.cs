namespace VideoUnderstanding.Inference.Speech;

/// <summary>Maps the words of a window to the time line of the stream.</summary>
internal static class WordTimes
{
    /// <summary>Maximum seconds of a word.</summary>
    private const double MaxSeconds = 2;

    /// <summary>Cost of one second of a region without words, in seconds by which words are moved. The model's times of isolated words are
    /// up to a second late.</summary>
    private const double EmptyRegionCost = 6;

    /// <summary>The model gives a time inside each word. Voice detection is more exact about the borders of speech, so the first and the
    /// last word of a region take its borders.</summary>
    /// <param name="words">Times are seconds from the start of the window.</param>
    /// <param name="padding">Samples that the voice detector adds on both sides of a region.</param>
    /// <returns>Times are seconds from the start of the stream.</returns>
    public static IReadOnlyList<SpokenWord> Place(IReadOnlyList<SpokenWord> words, SpeechWindow window, int padding, int sampleRate)
    {
        if (words.Count == 0)
            return [];
        var voices = window.Voices;
        long[] heard = [.. words.Select(word => (long)(word.Start * sampleRate))];
        var regions = Assign(heard, InWindow(window), padding);
        var starts = new double[words.Count];
        for (var i = 0; i < words.Count; i++)
        {
            var isFirst = i == 0 || regions[i] != regions[i - 1];
            var (voice, sample) = (voices[regions[i]], window.ToStream(heard[i]));
            var placedAt = isFirst ? FirstWord(voices, regions[i], sample, padding) : Math.Clamp(sample, voice.Start, voice.End);
            starts[i] = placedAt / (double)sampleRate;
            if (i > 0)
                starts[i] = Math.Max(starts[i], starts[i - 1]);
        }
        var placed = new SpokenWord[words.Count];
        for (var i = 0; i < words.Count; i++)
        {
            var isLast = i + 1 == words.Count || regions[i + 1] != regions[i];
            var end = isLast ? (voices[regions[i]].End - padding) / (double)sampleRate : Math.Min(starts[i + 1], starts[i] + MaxSeconds);
            placed[i] = words[i] with { Start = starts[i], End = Math.Max(starts[i], end) };
        }
        return placed;
    }

    /// <summary>Start of speech in a region, as a sample. A region that touches the one before may have less padding.</summary>
    private static long FirstWord(IReadOnlyList<VoiceRegion> voices, int region, long sample, int padding)
        => region > 0 && voices[region].Start == voices[region - 1].End
            ? Math.Clamp(sample, voices[region].Start, voices[region].Start + padding) : voices[region].Start + padding;

    /// <summary>Assigns the words to regions, in order, so that words are moved little and few regions are without words.</summary>
    /// <param name="heard">The model's time of each word, as a sample of the window.</param>
    /// <returns>The region of each word.</returns>
    private static int[] Assign(long[] heard, VoiceRegion[] voices, int padding)
    {
        var count = voices.Length;
        // Cost of leaving the first n regions without a word.
        var empty = new double[count + 1];
        for (var region = 0; region < count; region++)
            empty[region + 1] = empty[region] + EmptyRegionCost * Math.Max(0, voices[region].Length - 2 * padding);
        var (costs, from) = (new double[count], new int[heard.Length, count]);
        for (var word = 0; word < heard.Length; word++)
        {
            var next = new double[count];
            for (var region = 0; region < count; region++)
            {
                var (best, cost) = (-1, empty[region]);
                for (var before = 0; word > 0 && before <= region; before++)
                {
                    var skipped = before == region ? 0 : empty[region] - empty[before + 1];
                    if (best < 0 || costs[before] + skipped <= cost)
                        (best, cost) = (before, costs[before] + skipped);
                }
                (from[word, region], next[region]) = (best, cost + Distance(heard[word], voices[region]));
            }
            costs = next;
        }
        var assigned = new int[heard.Length];
        assigned[^1] = Enumerable.Range(0, count).MinBy(region => costs[region] + empty[count] - empty[region + 1]);
        for (var word = heard.Length - 1; word > 0; word--)
            assigned[word - 1] = from[word, assigned[word]];
        return assigned;
    }

    /// <summary>The regions on the time line of the window.</summary>
    private static VoiceRegion[] InWindow(SpeechWindow window)
        => [.. window.Voices.Select((voice, i) => new VoiceRegion(window.LengthOf(i + 1) - voice.Length, window.LengthOf(i + 1)))];

    private static long Distance(long sample, VoiceRegion region)
        => Math.Max(0, Math.Max(region.Start - sample, sample - region.End));
}
