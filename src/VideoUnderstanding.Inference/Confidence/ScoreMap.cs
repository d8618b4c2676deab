namespace VideoUnderstanding.Inference.Confidence;

/// <summary>Maps the cosine of a match and its standing among ordinary matches to a score, 0 to 100. The lower of the two scores
/// counts.</summary>
/// <param name="ByCosine">Map of the cosine; null if only the standing counts.</param>
/// <param name="ByStanding">Map of the standing, in spreads; null if only the cosine counts.</param>
/// <param name="LeastSpread">Lower bound for the spread of cosines: if a model distinguishes nothing, small differences mean
/// nothing.</param>
/// <param name="AtMost">Upper bound of the score.</param>
public sealed record ScoreMap(ScoreCurve? ByCosine, ScoreCurve? ByStanding, double LeastSpread = 0, double AtMost = 100)
{
    /// <summary>Just below the level "high", which promises a precision and so needs a measurement.</summary>
    public const double UnmeasuredAtMost = 82.99;

    /// <summary>A conservative curve for uncalibrated models. Standings of different models are comparable.</summary>
    private static readonly ScoreCurve Conservative = new(
        [new(0, 0), new(1, 20), new(2, 40), new(3, 60), new(4, 73), new(6, UnmeasuredAtMost)]);

    /// <summary>For an uncalibrated model: the manifest's curve, limited by a conservative curve of the standing, and never
    /// "high".</summary>
    public static ScoreMap Provisional(ScoreCurve byCosine) => new(byCosine, Conservative, 0, UnmeasuredAtMost);

    /// <summary>For an uncalibrated sound model: the manifest's curve, because class scores have no standing, and never "high".</summary>
    public static ScoreMap ProvisionalOfClasses(ScoreCurve byClassScore) => new(byClassScore, null, 0, UnmeasuredAtMost);

    /// <summary>For a model that is being calibrated: only the conservative curve of the standing.</summary>
    public static ScoreMap Unmeasured(double leastSpread) => new(null, Conservative, leastSpread, UnmeasuredAtMost) { IsMeasured = true };

    /// <summary>False for curves that come from the manifest.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>Map of the cosine for medium and above, used if it gives more than the standing. Null if all levels use one
    /// evidence.</summary>
    public ScoreCurve? UpperByCosine { get; init; }

    public bool NeedsStanding => ByStanding is not null;

    /// <param name="standing">Ignored unless <see cref="NeedsStanding"/>.</param>
    public double ScoreOf(double cosine, double standing)
    {
        var score = Math.Min(ByCosine?.ScoreOf(cosine) ?? 100, ByStanding?.ScoreOf(standing) ?? 100);
        return Math.Min(AtMost, Math.Max(score, UpperByCosine?.ScoreOf(cosine) ?? 0));
    }
}
