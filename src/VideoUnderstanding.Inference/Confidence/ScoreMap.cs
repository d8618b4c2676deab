namespace VideoUnderstanding.Inference.Confidence;

/// <summary>Maps the cosine of a match and its normalised score to a score, 0 to 100. The lower of the two scores
/// counts.</summary>
/// <param name="ByCosine">Map of the cosine; null if only the normalised score counts.</param>
/// <param name="ByNormalizedScore">Map of the normalised score, in spreads; null if only the cosine counts.</param>
/// <param name="LeastSpread">Lower bound for the spread of cosines. Without it, small differences would have a large effect if all cosines
/// are similar.</param>
/// <param name="AtMost">Upper bound of the score.</param>
public sealed record ScoreMap(ScoreCurve? ByCosine, ScoreCurve? ByNormalizedScore, double LeastSpread = 0, double AtMost = 100)
{
    /// <summary>Just below the level "high", which guarantees a precision and therefore requires calibration.</summary>
    public const double UnmeasuredAtMost = 82.99;

    /// <summary>A conservative curve for uncalibrated models. Normalised scores of different models are comparable.</summary>
    private static readonly ScoreCurve Conservative = new(
        [new(0, 0), new(1, 20), new(2, 40), new(3, 60), new(4, 73), new(6, UnmeasuredAtMost)]);

    /// <summary>For an uncalibrated model: the manifest's curve, limited by a conservative curve of the normalised score, and never
    /// "high".</summary>
    public static ScoreMap Provisional(ScoreCurve byCosine) => new(byCosine, Conservative, 0, UnmeasuredAtMost);

    /// <summary>Map of cosines between pictures, for a model whose manifest entry has none. Models of the CLIP family give unrelated
    /// pictures 0.4 to 0.7.</summary>
    public static ScoreCurve UsualPictureScores { get; } = new([new(0.6, 0), new(0.8, 40), new(0.9, 73), new(1, UnmeasuredAtMost)]);

    /// <summary>For uncalibrated evidence that generic captions cannot normalise, which are class scores of sounds and cosines between
    /// pictures: only the curve, and never "high".</summary>
    public static ScoreMap ProvisionalNotNormalized(ScoreCurve curve) => new(curve, null, 0, UnmeasuredAtMost);

    /// <summary>For a model that is being calibrated: only the conservative curve of the normalised score.</summary>
    public static ScoreMap Unmeasured(double leastSpread) => new(null, Conservative, leastSpread, UnmeasuredAtMost) { IsMeasured = true };

    /// <summary>False for curves that come from the manifest.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>Map of the cosine for medium and above, used if it gives more than the normalised score. Null if all levels use one
    /// evidence.</summary>
    public ScoreCurve? UpperByCosine { get; init; }

    public bool NeedsNormalizedScore => ByNormalizedScore is not null;

    /// <param name="normalizedScore">Ignored unless <see cref="NeedsNormalizedScore"/>.</param>
    public double ScoreOf(double cosine, double normalizedScore)
    {
        var score = Math.Min(ByCosine?.ScoreOf(cosine) ?? 100, ByNormalizedScore?.ScoreOf(normalizedScore) ?? 100);
        return Math.Min(AtMost, Math.Max(score, UpperByCosine?.ScoreOf(cosine) ?? 0));
    }
}
