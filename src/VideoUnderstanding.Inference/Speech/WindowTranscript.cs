using Whisper.net;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>One decoding of a window.</summary>
/// <param name="Words">Times are seconds from the start of the model's input.</param>
/// <param name="LogProbability">Mean natural log probability of the text tokens; 0 for an empty text.</param>
/// <param name="NoSpeech">Probability that the window contains no speech, 0 to 1.</param>
/// <param name="CompressionRatio">See <see cref="HallucinationRules.CompressionRatio"/>.</param>
internal sealed record WindowTranscript(
    string Text, IReadOnlyList<SpokenWord> Words, double LogProbability, double NoSpeech, double CompressionRatio)
{
    /// <summary>False if the decoder ended before the sound, so that words may be missing.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The language that the model detects in the sound. Null if it was not detected or the text is empty.</summary>
    public DetectedLanguage? Detected { get; init; }

    /// <param name="speechEnd">End of speech in the sound, in seconds. Later words are removed.</param>
    public static WindowTranscript From(IReadOnlyList<SegmentData> segments, double speechEnd, SpeechSettings settings)
    {
        var text = string.Concat(segments.Select(segment => segment.Text));
        var tokens = TokensOf(text, segments.SelectMany(segment => segment.Tokens));
        var all = WordsOf(text, tokens, segments.Count == 0 ? 0 : segments[^1].End.TotalSeconds).ToList();
        IReadOnlyList<SpokenWord> words = HallucinationRules.WithoutRepeatedEnd(
            HallucinationRules.BeforeEnd(all, speechEnd, settings), speechEnd, settings);
        var length = words.Count == all.Count ? text.Length : words.Sum(word => word.Text.Length);
        var kept = tokens.Where(token => token.At < length).ToList();
        return new WindowTranscript(
            text[..length].Trim(), words, kept.Count == 0 ? 0 : kept.Average(token => token.LogProbability),
            segments.Select(segment => (double)segment.NoSpeechProbability).DefaultIfEmpty(0).Max(),
            HallucinationRules.CompressionRatio(text.Trim()));
    }

    /// <summary>Moves all words to an earlier time.</summary>
    public WindowTranscript Earlier(double seconds)
        => this with { Words = [.. Words.Select(word => word with { Start = word.Start - seconds, End = word.End - seconds })] };

    /// <summary>True for tokens without text, such as <c>[_TT_550]</c> and <c>[_BEG_]</c>.</summary>
    private static bool IsSpecial(string token)
        => token.StartsWith("[_", StringComparison.Ordinal) || token.StartsWith("<|", StringComparison.Ordinal);

    /// <summary>Locates the tokens in the text. The bytes of one letter may be spread over several tokens, which are unreadable and get the
    /// place of the token before.</summary>
    private static List<TextToken> TokensOf(string text, IEnumerable<WhisperToken> tokens)
    {
        var found = new List<TextToken>();
        var (at, time) = (0, 0.0);
        foreach (var token in tokens.Where(token => token.Text is { Length: > 0 } && !IsSpecial(token.Text)))
        {
            // Unit: 10 ms.
            time = token.DtwTimestamp >= 0 ? token.DtwTimestamp / 100.0 : Math.Max(time, token.Start / 100.0);
            var place = token.Text!.Contains('\uFFFD') ? -1 : text.IndexOf(token.Text, at, StringComparison.Ordinal);
            found.Add(new TextToken(place >= 0 ? place : at, time, token.ProbabilityLog));
            if (place >= 0)
                at = place + token.Text.Length;
        }
        return found;
    }

    /// <summary>Splits the text at blanks, and around letters of scripts without blanks, and gives each word the times of its
    /// tokens.</summary>
    private static IEnumerable<SpokenWord> WordsOf(string text, List<TextToken> tokens, double end)
    {
        var words = new List<(int From, int To)>();
        for (var at = 0; at < text.Length;)
        {
            var to = FirstLetter(text, at) + 1;
            while (to < text.Length && !IsBoundary(text, to))
                to++;
            if (!string.IsNullOrWhiteSpace(text[at..to]))
                words.Add((at, to));
            at = to;
        }
        var starts = StartOfLetters(text, tokens);
        for (var i = 0; i < words.Count; i++)
        {
            var start = starts[FirstLetter(text, words[i].From)];
            var next = i + 1 < words.Count ? starts[FirstLetter(text, words[i + 1].From)] : end;
            yield return new SpokenWord(start, Math.Max(start, next), text[words[i].From..words[i].To]);
        }
    }

    /// <summary>True between two words: before a blank, and before a letter of a script without blanks.</summary>
    private static bool IsBoundary(string text, int at) => text[at] == ' ' || IsIdeograph(text[at]) && !char.IsLowSurrogate(text[at]);

    private static bool IsIdeograph(char letter)
        => letter is >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff' or >= '\u0e00' and <= '\u0e7f';

    private static int FirstLetter(string text, int from)
    {
        while (from < text.Length - 1 && text[from] == ' ')
            from++;
        return from;
    }

    /// <summary>The start time of each letter, in seconds.</summary>
    private static double[] StartOfLetters(string text, List<TextToken> tokens)
    {
        var starts = new double[text.Length];
        foreach (var token in tokens)
            starts.AsSpan(Math.Min(token.At, text.Length)..).Fill(token.Time);
        return starts;
    }

    /// <param name="At">Index in the text.</param>
    /// <param name="Time">Seconds from the start of the sound.</param>
    private readonly record struct TextToken(int At, double Time, double LogProbability);
}
