namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Tells writing from what a recogniser makes of twigs, grids and noise.</summary>
internal static class TextJudge
{
    /// <summary>Of the signs of a line, at least this part are letters or digits.</summary>
    private const double LeastWritten = 0.6;

    /// <summary>Words of one or two signs are often specks: they need this much more confidence when they stand alone.</summary>
    private const double ShortWordsExtra = 25;

    /// <summary>True for a word that may be part of a line.</summary>
    public static bool IsWord(SeenWord word, double minConfidence) => word.Confidence >= minConfidence;

    /// <summary>True for a line worth keeping.</summary>
    public static bool IsLine(string text, double confidence, double minConfidence)
    {
        var signs = text.Count(sign => !char.IsWhiteSpace(sign));
        var written = text.Count(char.IsLetterOrDigit);
        if (written < 2 || written < LeastWritten * signs)
            return false;
        var longest = text.Split(' ').Max(word => word.Count(char.IsLetterOrDigit));
        return longest > 2 || confidence >= Math.Min(95, minConfidence + ShortWordsExtra);
    }
}
