using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>The rules that drop the text of a window.</summary>
internal enum HallucinationRule
{
    None,

    /// <summary>The model wrote nothing.</summary>
    Empty,

    /// <summary>The text repeats itself.</summary>
    Loop,

    /// <summary>More letters per second than speech can have.</summary>
    TooFast,

    /// <summary>The log probability is low.</summary>
    Guess,

    /// <summary>The model finds no speech, and its text is uncertain.</summary>
    NoSpeech,

    /// <summary>An uncertain text that is frequent under silence and music.</summary>
    StockPhrase,
}

/// <summary>Detects text that was not spoken. Each rule compares a measured value with a threshold of
/// <see cref="SpeechSettings"/>.</summary>
internal static partial class HallucinationRules
{
    /// <summary>Above these values a text that is only a stock phrase counts as spoken.</summary>
    private const double StockLogProbability = -0.4, StockNoSpeech = 0.3;

    /// <summary>A repetition of this many words counts at any distance.</summary>
    private const int MinRepeatedWords = 3;

    /// <summary>Frequent texts of Whisper's training data for silence, music and applause. Lower case, without punctuation.</summary>
    private static readonly HashSet<string> StockPhrases =
    [
        "you", "thank you", "thank you very much", "thank you so much", "thanks for watching", "thank you for watching", "bye", "bye bye",
        "so",
        "the end", "oh", "um", "hmm", "please subscribe", "subscribe", "like and subscribe", "see you next time", "ill see you next time",
        "ill see you in the next video", "thank you for listening", "subtitles by the amaraorg community", "transcription by castingwords",
        "untertitel im auftrag des zdf für funk 2017", "untertitel der amaraorgcommunity", "vielen dank", "vielen dank fürs zuschauen",
        "soustitres réalisés par la communauté damaraorg", "merci davoir regardé cette vidéo", "gracias por ver el video", "music",
        "applause",
    ];

    /// <summary>UTF-8 bytes of a text divided by its deflated bytes: about 1 to 1.6 for speech, more for a loop. 0 for an empty
    /// text.</summary>
    public static double CompressionRatio(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length == 0)
            return 0;
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(bytes);
        return bytes.Length / (double)packed.Length;
    }

    /// <summary>True if the window need not be decoded again.</summary>
    /// <param name="minLogProbability">Threshold for this decoding.</param>
    public static bool IsGood(
        WindowTranscript transcript, double speechSeconds, double minLogProbability, SpeechSettings settings)
        => transcript.IsComplete && transcript.LogProbability >= minLogProbability && !IsLoop(transcript, settings)
            && !IsTooFast(transcript, speechSeconds, settings) && !IsStockPhrase(transcript.Text);

    /// <summary>True if the text may be what was spoken, with errors: no loop, not too long and no description.</summary>
    public static bool IsPlausible(WindowTranscript transcript, double speechSeconds, SpeechSettings settings)
        => transcript.IsComplete && HasSpeech(transcript) && !HasDescription(transcript) && !IsLoop(transcript, settings)
            && !IsTooFast(transcript, speechSeconds, settings);

    /// <summary>True if the text repeats itself.</summary>
    public static bool IsLoop(WindowTranscript transcript, SpeechSettings settings)
        => transcript.CompressionRatio > settings.CompressionRatio;

    /// <summary>True if the text has more letters per second than speech can have.</summary>
    public static bool IsTooFast(WindowTranscript transcript, double speechSeconds, SpeechSettings settings)
        => transcript.Text.Length > settings.MostLettersPerSecond * Math.Max(speechSeconds, 0.5);

    /// <summary>The rule that drops the whole window, or None.</summary>
    public static HallucinationRule FindRule(WindowTranscript transcript, double seconds, SpeechSettings settings) => transcript switch
    {
        { Words.Count: 0 } => HallucinationRule.Empty,
        _ when IsLoop(transcript, settings) => HallucinationRule.Loop,
        _ when IsTooFast(transcript, seconds, settings) => HallucinationRule.TooFast,
        _ when transcript.LogProbability < settings.LeastLogProbability => HallucinationRule.Guess,
        _ when transcript.NoSpeech > settings.NoSpeechProbability && transcript.LogProbability < settings.RetryLogProbability
            => HallucinationRule.NoSpeech,
        _ when IsStockPhrase(transcript.Text)
            && (transcript.LogProbability < StockLogProbability || transcript.NoSpeech > StockNoSpeech) => HallucinationRule.StockPhrase,
        _ => HallucinationRule.None,
    };

    public static bool IsStockPhrase(string text) => StockPhrases.Contains(NotSpoken().Replace(text, "").Trim().ToLowerInvariant());

    /// <summary>Removes descriptions of sounds, such as <c>[BLANK_AUDIO]</c>, <c>(applause)</c> and <c>♪</c>.</summary>
    public static IReadOnlyList<SpokenWord> WithoutDescriptions(IReadOnlyList<SpokenWord> words)
    {
        var text = string.Concat(words.Select(word => word.Text));
        var described = Description().Matches(text);
        if (described.Count == 0)
            return words;
        var kept = new List<SpokenWord>();
        var at = 0;
        foreach (var word in words)
        {
            var (from, to) = (at, at += word.Text.Length);
            if (!described.Any(match => match.Index < to
                && match.Index + match.Length > from + word.Text.Length - word.Text.TrimStart().Length))
                kept.Add(word);
        }
        return kept;
    }

    public static bool HasDescription(WindowTranscript transcript) => Description().IsMatch(transcript.Text);

    /// <summary>True if the text has more than descriptions of sounds.</summary>
    public static bool HasSpeech(WindowTranscript transcript) => WithoutDescriptions(transcript.Words).Count > 0;

    /// <summary>Removes the words at the end that start after the end of speech.</summary>
    /// <param name="speechEnd">Seconds on the time line of the words.</param>
    public static IReadOnlyList<SpokenWord> BeforeEnd(IReadOnlyList<SpokenWord> words, double speechEnd, SpeechSettings settings)
        => [.. words.TakeWhile(word => word.Start <= speechEnd + settings.SpeechToleranceSeconds)];

    /// <summary>Removes words at the end that repeat earlier words and have too little time to be spoken: Whisper repeats sentences at the
    /// end of a window.</summary>
    /// <param name="speechEnd">Seconds on the time line of the words.</param>
    public static IReadOnlyList<SpokenWord> WithoutRepeatedEnd(
        IReadOnlyList<SpokenWord> words, double speechEnd, SpeechSettings settings)
    {
        string[] plain = [.. words.Select(word => NotSpoken().Replace(word.Text, "").Trim().ToLowerInvariant())];
        var kept = words.Count;
        for (var distance = 1; distance < plain.Length; distance++)
        {
            var from = plain.Length;
            while (from > distance && plain[from - 1] == plain[from - 1 - distance])
                from--;
            var repeated = plain.Length - from;
            // One or two words count only directly after the same words, because short words are frequent.
            if (repeated >= Math.Min(distance, MinRepeatedWords)
                && speechEnd - words[from].Start < repeated * settings.LeastSecondsPerRepeatedWord)
                kept = Math.Min(kept, from);
        }
        return kept == words.Count ? words : [.. words.Take(kept)];
    }

    [GeneratedRegex(@"\[[^\]]*\]?|\([^)]*\)?|\*[^*]+\*|[♪♫]+[^♪♫]*[♪♫]*|>>", RegexOptions.CultureInvariant)]
    private static partial Regex Description();

    [GeneratedRegex(@"[^\p{L}\p{Nd} ]", RegexOptions.CultureInvariant)]
    private static partial Regex NotSpoken();
}
