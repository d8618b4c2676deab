namespace VideoUnderstanding.Search.Scoring;

/// <summary>Scores of letter and word matches, which have no cosine. The first two were recorded from the original service (CONTRACT
/// 7.4).</summary>
public static class FixedScores
{
    /// <summary>The exact words, on screen or in an exact speech search.</summary>
    public const double Exact = 92.28;

    /// <summary>Most of the words, or words with a few wrong letters.</summary>
    public const double Loose = 64.6;

    /// <summary>Semantic search: the words were spoken consecutively.</summary>
    public const double SpokenPhrase = 90;

    /// <summary>Semantic search for a single word: the word was spoken.</summary>
    public const double SpokenWord = 85;

    /// <summary>All words except stop words were spoken, in another order or form.</summary>
    public const double SpokenWords = 80;

    /// <summary>Maximum score of semantically similar screen text: below <see cref="Loose"/>.</summary>
    public const double MaxScreenMeaning = 64.5;
}
