namespace VideoUnderstanding.Inference.Confidence;

/// <summary>How sure a match is, 0 to 100, from its cosine and its standing among ordinary matches. The least of what is known
/// counts.</summary>
/// <param name="ByCosine">From the bare cosine; null where only the standing counts.</param>
/// <param name="ByStanding">From the standing, in spreads; null where only the cosine counts.</param>
/// <param name="LeastSpread">A spread of cosines below this is taken for this: where a model tells nothing apart, small differences say
/// nothing.</param>
/// <param name="AtMost">No score is above.</param>
public sealed record ScoreMap(ScoreCurve? ByCosine, ScoreCurve? ByStanding, double LeastSpread = 0, double AtMost = 100)
{
    /// <summary>Just below the level "high": that is a promise of precision, and only a measurement can make it.</summary>
    public const double UnmeasuredAtMost = 82.99;

    /// <summary>Standings are in units of their own, so that one cautious curve does for models that nobody has measured.</summary>
    private static readonly ScoreCurve Cautious = new(
        [new(0, 0), new(1, 20), new(2, 40), new(3, 60), new(4, 73), new(6, UnmeasuredAtMost)]);

    /// <summary>For a model that has not been calibrated: the manifest's curve, held down by a cautious look at the standing, and never
    /// "high".</summary>
    public static ScoreMap Provisional(ScoreCurve byCosine) => new(byCosine, Cautious, 0, UnmeasuredAtMost);

    /// <summary>For a sound model that has not been calibrated: the manifest's curve alone, since class scores have no standing, and never
    /// "high".</summary>
    public static ScoreMap ProvisionalOfClasses(ScoreCurve byClassScore) => new(byClassScore, null, 0, UnmeasuredAtMost);

    /// <summary>For a model that is being calibrated: nothing but a cautious look at the standing.</summary>
    public static ScoreMap Unmeasured(double leastSpread) => new(null, Cautious, leastSpread, UnmeasuredAtMost) { IsMeasured = true };

    /// <summary>False for curves that come from the manifest.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>From the cosine, for medium and above: it counts where it is greater than the score of the standing. Null where the levels
    /// have one evidence.</summary>
    public ScoreCurve? UpperByCosine { get; init; }

    public bool NeedsStanding => ByStanding is not null;

    /// <param name="standing">Not looked at unless <see cref="NeedsStanding"/>.</param>
    public double ScoreOf(double cosine, double standing)
    {
        var score = Math.Min(ByCosine?.ScoreOf(cosine) ?? 100, ByStanding?.ScoreOf(standing) ?? 100);
        return Math.Min(AtMost, Math.Max(score, UpperByCosine?.ScoreOf(cosine) ?? 0));
    }
}
