namespace VideoUnderstanding.Search.Confidence;

/// <summary>Normalises a cosine by the cosines of generic captions (cohort) on the same frame or sentence, and by the background cosine of
/// the query in the index: symmetric score normalisation (S-norm) from speaker verification, with two bounds. The unit is one standard
/// deviation of the cohort. Calibration files call the result "standing". docs/decisions/0009-confidence.md.</summary>
public static class ScoreNormalization
{
    /// <summary>Weight of the index background; the cohort statistics have weight 1.</summary>
    private const double BackgroundWeight = 0.5;

    /// <summary>Maximum deviation of the index background from the cohort mean, in spreads. If every video shows the subject, the index is
    /// no valid background and must not suppress correct matches.</summary>
    private const double MaxShift = 2;

    /// <summary>Tolerance between means that are computed in two ways.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Maximum difference between <see cref="Normalize"/> with and without an index background.</summary>
    public const double MaxBackgroundGain = BackgroundWeight * MaxShift;

    /// <summary>Returns an upper bound of the normalised score that needs only the cohort mean. It avoids most comparisons with
    /// captions.</summary>
    /// <param name="mean">Mean cosine with the captions; see <see cref="CaptionStatistics"/>.</param>
    public static double UpperBound(double cosine, double mean, double leastSpread)
        => AboveMean(cosine, mean, leastSpread) + MaxBackgroundGain;

    /// <summary>Returns a tighter upper bound if the index background is known.</summary>
    public static double UpperBound(double cosine, double mean, IndexBackground background, double leastSpread)
        => AboveMean(cosine, mean, leastSpread)
            + BackgroundWeight * background.Weight * Math.Min(MaxShift, AboveMean(mean, background.Median, leastSpread));

    /// <summary>Uses the minimum spread, which gives the highest result.</summary>
    private static double AboveMean(double cosine, double mean, double leastSpread)
        => Math.Max(0, cosine - mean + Tolerance) / Math.Max(leastSpread, 1e-6);

    /// <param name="background">Background cosine of the query in the index.</param>
    /// <param name="leastSpread">Lower limit of the spread; see <see cref="Inference.Confidence.ScoreMap"/>.</param>
    public static double Normalize(double cosine, CaptionStatistics captions, IndexBackground background, double leastSpread)
    {
        var spread = Math.Max(captions.Spread, Math.Max(leastSpread, 1e-6));
        var shift = Math.Clamp((background.Median - captions.Mean) / spread, -MaxShift, MaxShift);
        return (cosine - captions.Mean) / spread - BackgroundWeight * background.Weight * shift;
    }
}

/// <summary>Median cosine of a query with sampled frames or segments of the index.</summary>
/// <param name="Videos">Number of sampled videos.</param>
public readonly record struct IndexBackground(double Median, int Videos)
{
    /// <summary>Weight of the background, 0 to 1. A single video gives 0: the query may describe exactly that video.</summary>
    public double Weight => Videos == 0 ? 0 : 1 - 1.0 / Videos;

    /// <param name="sample">Distances of sampled rows, with their videos.</param>
    internal static IndexBackground Of(IReadOnlyList<SampledDistance> sample)
    {
        double[] cosines = [.. sample.Select(row => 1 - row.Distance).Order()];
        return cosines.Length == 0 ? default
            : new IndexBackground(cosines[(cosines.Length - 1) / 2], sample.DistinctBy(row => row.VideoId).Count());
    }
}
