namespace VideoUnderstanding.Inference.Speech;

/// <summary>Chooses the language of each region of speech of one video, with the most frequent language so far as prior.</summary>
internal sealed class LanguageChoice
{
    /// <summary>Seconds. The language of shorter regions is often detected wrongly.</summary>
    public const double ShortSeconds = 5;

    /// <summary>Minimum probability for a short region to change the language. All probabilities add up to 1, so the most frequent language
    /// has at most 0.35 and the difference is at least 0.3.</summary>
    private const double ShortProbability = 0.65;

    /// <summary>Minimum probability for a long region to change the language.</summary>
    private const double LongProbability = 0.5;

    private readonly Dictionary<string, double> _seconds = [];

    /// <summary>The language with the most seconds so far. Null before the first region.</summary>
    public string? Prevailing => _seconds.Count == 0 ? null : _seconds.MaxBy(heard => heard.Value).Key;

    /// <param name="detected">The detected language of the region.</param>
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
