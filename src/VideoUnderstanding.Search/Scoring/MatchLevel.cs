namespace VideoUnderstanding.Search.Scoring;

/// <summary>Confidence level of a match, in ascending order.</summary>
public enum MatchLevel
{
    None,
    Low,
    Medium,
    High,
}

/// <summary>Lower limits of the levels, as scores of 0 to 100. CONTRACT 7.4.</summary>
public static class MatchLevels
{
    public const double High = 83;
    public const double Medium = 73;

    /// <summary>Scores below this are no match; they are returned only for threshold <see cref="MatchLevel.None"/>.</summary>
    public const double Low = 40;

    public static MatchLevel Of(double score) => score switch
    {
        >= High => MatchLevel.High,
        >= Medium => MatchLevel.Medium,
        >= Low => MatchLevel.Low,
        _ => MatchLevel.None,
    };

    /// <summary>Returns the maximum score of a level; infinity for <see cref="MatchLevel.High"/>.</summary>
    public static double TopOf(MatchLevel level) => level switch
    {
        MatchLevel.High => double.PositiveInfinity,
        MatchLevel.Medium => High - 0.01,
        MatchLevel.Low => Medium - 0.01,
        _ => Low - 0.01,
    };

    /// <summary>Rounds to the two decimals that responses contain. Levels are computed from the rounded score, so that both
    /// agree.</summary>
    public static double Round(double score) => Math.Round(score, 2, MidpointRounding.AwayFromZero);
}
