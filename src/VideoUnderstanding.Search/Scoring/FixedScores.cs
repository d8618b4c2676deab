namespace VideoUnderstanding.Search.Scoring;

/// <summary>Scores of matches by letters and words, where no cosine is measured. The first two were recorded from the original service
/// (CONTRACT 7.4).</summary>
public static class FixedScores
{
    /// <summary>The very words, on screen or spoken in an exact search.</summary>
    public const double Exact = 92.28;

    /// <summary>Most of the words, or words with a few wrong letters.</summary>
    public const double Loose = 64.6;

    /// <summary>A semantic search whose words were spoken one after the other.</summary>
    public const double SpokenPhrase = 90;

    /// <summary>A semantic search for one word, which was spoken.</summary>
    public const double SpokenWord = 85;

    /// <summary>All the words that carry meaning were spoken, in another order or form.</summary>
    public const double SpokenWords = 80;

    /// <summary>Screen text of near meaning never reaches the score of loosely equal letters.</summary>
    public const double ScreenMeaningAtMost = 64.5;
}
