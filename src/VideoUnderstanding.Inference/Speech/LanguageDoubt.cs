namespace VideoUnderstanding.Inference.Speech;

/// <summary>Finds out whether a video clearly speaks another language than the one that was given for it. Safe for several
/// threads.</summary>
/// <remarks>
/// A detection takes a pass of the encoder over 30 s, whatever the length of the window. So only the first long windows are checked, until
/// one is in the given language.
/// A high log probability shows nothing: Whisper translates German speech to fluent English.
/// </remarks>
/// <param name="given">Whisper's code of the given language.</param>
internal sealed class LanguageDoubt(string given)
{
    /// <summary>Detections of one video.</summary>
    private const int MostChecks = 3;

    /// <summary>Below this probability nothing is clear.</summary>
    private const double ClearProbability = 0.8;

    private readonly Lock _lock = new();
    private readonly List<string?> _found = [];
    private int _claimed;
    private bool _isSettled;

    /// <summary>The other language, once more than half of the checks found it clearly. Null as long as the given one may be
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

    /// <param name="speechSeconds">Speech in the window.</param>
    /// <returns>True when the caller must detect the language of its window and report it.</returns>
    public bool TryClaim(double speechSeconds)
    {
        lock (_lock)
        {
            // One check at a time: the next one depends on what the last one found.
            if (speechSeconds < LanguageChoice.ShortSeconds || _isSettled || _claimed >= MostChecks || _claimed > _found.Count)
                return false;
            _claimed++;
            return true;
        }
    }

    public void Note(DetectedLanguage detected)
    {
        lock (_lock)
        {
            _isSettled |= detected.Code == given;
            _found.Add(detected.Probability >= ClearProbability ? detected.Code : null);
        }
    }
}
