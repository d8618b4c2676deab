namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Distinguishes text from false detections in textures, grids and noise.</summary>
internal static class TextFilter
{
    /// <summary>Minimum share of letters and digits in a line.</summary>
    private const double MinLetterShare = 0.6;

    /// <summary>Words of one or two characters are often noise: alone they need this much more confidence.</summary>
    private const double ShortWordPenalty = 25;

    /// <summary>A word in a line may have this much less confidence than the line needs.</summary>
    private const double WordTolerance = 25;

    /// <summary>True if the word may be part of a line.</summary>
    public static bool IsWord(DetectedWord word, double minConfidence) => word.Confidence >= minConfidence - WordTolerance;

    /// <summary>Noise is rarely recognised as words of this length: a line with one needs less confidence.</summary>
    private const int LongWordLength = 8;
    private const double LongWordBonus = 15;

    /// <summary>True if the line is kept.</summary>
    public static bool IsLine(string text, double confidence, double minConfidence)
    {
        var characters = text.Count(character => !char.IsWhiteSpace(character));
        var letters = text.Count(char.IsLetterOrDigit);
        if (letters < 2 || letters < MinLetterShare * characters)
            return false;
        var maxLength = text.Split(' ').Max(word => word.Count(char.IsLetterOrDigit));
        return confidence >= maxLength switch
        {
            <= 2 => Math.Min(95, minConfidence + ShortWordPenalty),
            >= LongWordLength => minConfidence - LongWordBonus,
            _ => minConfidence,
        };
    }
}
