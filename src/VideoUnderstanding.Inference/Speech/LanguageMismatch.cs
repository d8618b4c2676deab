namespace VideoUnderstanding.Inference.Speech;

/// <summary>Detects whether the speech of a video is clearly in another language than the given one. Thread-safe.</summary>
/// <remarks>Only the first long windows are checked, until one is in the given language, because a detection outside of a transcription
/// takes a pass of the encoder over 30 s. The log probability is not used, because Whisper translates German speech to fluent English with
/// a high one.</remarks>
/// <param name="given">Whisper's code of the given language.</param>
internal sealed class LanguageMismatch(string given)
{
    /// <summary>Maximum detections per video.</summary>
    private const int MaxChecks = 3;

    /// <summary>Minimum probability of a clear detection.</summary>
    private const double ClearProbability = 0.8;

    private readonly Lock _lock = new();
    private readonly List<string?> _found = [];
    private int _claimed;
    private bool _isSettled;

    /// <summary>The other language, if more than half of the checks detected it clearly. Null as long as the given one may be
    /// right.</summary>
    public string? Other
    {
        get
        {
            lock (_lock)
                return _found.GroupBy(code => code)
                    .Where(same => same.Key is not null && same.Key != given && same.Count() * 2 > _found.Count)
                    .Select(same => same.Key).FirstOrDefault();
        }
    }

    /// <param name="speechSeconds">Seconds of speech in the window.</param>
    /// <returns>True if the caller must detect the language of its window and report it.</returns>
    public bool TryClaim(double speechSeconds)
    {
        lock (_lock)
        {
            // One check at a time, because the next one depends on the result.
            if (speechSeconds < LanguageChoice.ShortSeconds || _isSettled || _claimed >= MaxChecks || _claimed > _found.Count)
                return false;
            _claimed++;
            return true;
        }
    }

    public void Add(DetectedLanguage detected)
    {
        lock (_lock)
        {
            _isSettled |= detected.Code == given;
            _found.Add(detected.Probability >= ClearProbability ? detected.Code : null);
        }
    }
}
