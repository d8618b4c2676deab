namespace VideoUnderstanding.Search.Scoring;

/// <summary>How much a match can be trusted. The order is the order of trust.</summary>
public enum MatchLevel
{
    None,
    Low,
    Medium,
    High,
}

/// <summary>The one table of scores and levels. CONTRACT 7.4.</summary>
public static class MatchLevels
{
    public const double High = 83;
    public const double Medium = 73;

    /// <summary>Below this a score says that there is nothing: such matches are given only to those who ask for everything.</summary>
    public const double Low = 40;

    public static MatchLevel Of(double score) => score switch
    {
        >= High => MatchLevel.High,
        >= Medium => MatchLevel.Medium,
        >= Low => MatchLevel.Low,
        _ => MatchLevel.None,
    };

    /// <summary>The greatest score of a level; there is none for the highest.</summary>
    public static double TopOf(MatchLevel level) => level switch
    {
        MatchLevel.High => double.PositiveInfinity,
        MatchLevel.Medium => High - 0.01,
        MatchLevel.Low => Medium - 0.01,
        _ => Low - 0.01,
    };

    /// <summary>Two decimals, as every score is sent; levels are read from the rounded score, so that both always agree.</summary>
    public static double Round(double score) => Math.Round(score, 2, MidpointRounding.AwayFromZero);
}
