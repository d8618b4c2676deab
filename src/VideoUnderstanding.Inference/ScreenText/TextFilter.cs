namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Distinguishes text from what a recogniser reads in twigs, grids and noise.</summary>
internal static class TextFilter
{
    /// <summary>Least share of letters and digits in a line.</summary>
    private const double LeastWritten = 0.6;

    /// <summary>Words of one or two characters are often specks: alone they need this much more confidence.</summary>
    private const double ShortWordsExtra = 25;

    /// <summary>A word in a line may have this much less confidence than the line needs.</summary>
    private const double WordsLess = 25;

    /// <summary>True if the word may be part of a line.</summary>
    public static bool IsWord(SeenWord word, double minConfidence) => word.Confidence >= minConfidence - WordsLess;

    /// <summary>Noise rarely gives words this long: a line with one needs less confidence.</summary>
    private const int LongWord = 8;
    private const double LongWordsLess = 15;

    /// <summary>True if the line is kept.</summary>
    public static bool IsLine(string text, double confidence, double minConfidence)
    {
        var signs = text.Count(sign => !char.IsWhiteSpace(sign));
        var written = text.Count(char.IsLetterOrDigit);
        if (written < 2 || written < LeastWritten * signs)
            return false;
        var longest = text.Split(' ').Max(word => word.Count(char.IsLetterOrDigit));
        return confidence >= longest switch
        {
            <= 2 => Math.Min(95, minConfidence + ShortWordsExtra),
            >= LongWord => minConfidence - LongWordsLess,
            _ => minConfidence,
        };
    }
}
