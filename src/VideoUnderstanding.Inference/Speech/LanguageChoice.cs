namespace VideoUnderstanding.Inference.Speech;

/// <summary>Chooses the language of each region of speech of one video, with the language that prevails so far as prior.</summary>
internal sealed class LanguageChoice
{
    /// <summary>Shorter regions are easily taken for another language. Seconds.</summary>
    public const double ShortSeconds = 5;

    /// <summary>
    /// A short region changes the language only at this probability. All probabilities sum to 1, so the language that prevails has 0.35 at
    /// most and the difference is 0.3 at least.
    /// </summary>
    private const double ShortProbability = 0.65;

    /// <summary>A long region changes the language from this probability on.</summary>
    private const double LongProbability = 0.5;

    private readonly Dictionary<string, double> _seconds = [];

    /// <summary>The language of most seconds so far. Null before the first region.</summary>
    public string? Prevailing => _seconds.Count == 0 ? null : _seconds.MaxBy(heard => heard.Value).Key;

    /// <param name="detected">What the model detects in the region.</param>
    /// <returns>The language in which the region is transcribed.</returns>
    public string Choose(DetectedLanguage detected, double seconds)
    {
        var least = seconds < ShortSeconds ? ShortProbability : LongProbability;
        var language = Prevailing is { } prevailing && detected.Probability < least ? prevailing : detected.Code;
        _seconds[language] = _seconds.GetValueOrDefault(language) + seconds;
        return language;
    }
}

/// <param name="Code">Whisper's code, such as <c>en</c>.</param>
/// <param name="Probability">0 to 1.</param>
internal readonly record struct DetectedLanguage(string Code, double Probability);
