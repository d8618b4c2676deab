namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Tells writing from what a recogniser makes of twigs, grids and noise.</summary>
internal static class TextJudge
{
    /// <summary>Of the signs of a line, at least this part are letters or digits.</summary>
    private const double LeastWritten = 0.6;

    /// <summary>Words of one or two signs are often specks: they need this much more confidence when they stand alone.</summary>
    private const double ShortWordsExtra = 25;

    /// <summary>A word among surer ones may be this much less sure than a line.</summary>
    private const double WordsLess = 25;

    /// <summary>True for a word that may be part of a line.</summary>
    public static bool IsWord(SeenWord word, double minConfidence) => word.Confidence >= minConfidence - WordsLess;

    /// <summary>Noise seldom makes words this long: a line with one needs less confidence.</summary>
    private const int LongWord = 8;
    private const double LongWordsLess = 15;

    /// <summary>True for a line worth keeping.</summary>
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
