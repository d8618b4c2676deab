namespace VideoUnderstanding.Search.Confidence;

/// <summary>How far a query stands above ordinary queries on a picture or sentence, in spreads of those. Symmetric score normalisation, as
/// speaker verification knows it, with two bounds; docs/decisions/0009-confidence.md.</summary>
public static class Standing
{
    /// <summary>The index counts half; the picture's own level counts in full.</summary>
    private const double IndexShare = 0.5;

    /// <summary>Spreads by which an index may differ from what is ordinary and still be believed: where every video shows the thing, the
    /// index's own level is no background, and right matches must not drown in it.</summary>
    private const double MostShift = 2;

    /// <summary>Means that are reckoned in two ways differ by less.</summary>
    private const double Rounding = 1e-5;

    /// <summary>The most that <see cref="Of"/> can rise above the standing that the bank alone gives.</summary>
    public const double MostGain = IndexShare * MostShift;

    /// <summary>The most that the standing can be where only the mean of the captions is known. It spares most of the comparisons with
    /// captions.</summary>
    /// <param name="mean">See <see cref="BankLevel"/>.</param>
    public static double AtMost(double cosine, double mean, double leastSpread) => AboveMean(cosine, mean, leastSpread) + MostGain;

    /// <summary>The same where it is known what the query gets in the index, which seldom leaves so much to gain.</summary>
    public static double AtMost(double cosine, double mean, IndexBackground background, double leastSpread)
        => AboveMean(cosine, mean, leastSpread)
            + IndexShare * background.Trust * Math.Min(MostShift, AboveMean(mean, background.Median, leastSpread));

    /// <summary>In the least of all spreads, so that it is the most.</summary>
    private static double AboveMean(double cosine, double mean, double leastSpread)
        => Math.Max(0, cosine - mean + Rounding) / Math.Max(leastSpread, 1e-6);

    /// <param name="background">What the query gets in the index.</param>
    /// <param name="leastSpread">See <see cref="Inference.Confidence.ScoreMap"/>.</param>
    public static double Of(double cosine, BankLevel level, IndexBackground background, double leastSpread)
    {
        var spread = Math.Max(level.Spread, Math.Max(leastSpread, 1e-6));
        var shift = Math.Clamp((background.Median - level.Mean) / spread, -MostShift, MostShift);
        return (cosine - level.Mean) / spread - IndexShare * background.Trust * shift;
    }
}

/// <summary>Cosine of a query with an ordinary frame or segment of the index.</summary>
/// <param name="Videos">How many videos were looked at.</param>
public readonly record struct IndexBackground(double Median, int Videos)
{
    /// <summary>One video says nothing about the ordinary: what is in it may be just what was asked for.</summary>
    public double Trust => Videos == 0 ? 0 : 1 - 1.0 / Videos;

    /// <param name="sample">Distances of drawn rows and the videos they are from.</param>
    internal static IndexBackground Of(IReadOnlyList<SampledDistance> sample)
    {
        double[] cosines = [.. sample.Select(row => 1 - row.Distance).Order()];
        return cosines.Length == 0 ? default
            : new IndexBackground(cosines[(cosines.Length - 1) / 2], sample.DistinctBy(row => row.VideoId).Count());
    }
}
