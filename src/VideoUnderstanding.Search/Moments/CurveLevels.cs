namespace VideoUnderstanding.Search.Moments;

/// <summary>Robust level and spread of a similarity curve, and the split if the curve is bimodal.</summary>
/// <param name="Main">Background level, a cosine: the median, or the mean of the lower mode if the curve is bimodal.</param>
/// <param name="Spread">Standard deviation around the level; a robust estimate, so that a few high frames do not change it.</param>
/// <param name="Split">Cosine between the two modes; null if there is only one.</param>
internal readonly record struct CurveLevels(double Main, double Spread, double? Split)
{
    /// <summary>Minimum spread: smaller differences of cosines are noise.</summary>
    private const double LeastSpread = 0.004;

    /// <summary>Minimum distance of two modes, in standard deviations within them. The best split of uniform noise reaches 3.5, of a normal
    /// distribution 2.7.</summary>
    private const double Separation = 4.5;

    /// <param name="values">Cosines, in any order.</param>
    /// <param name="weights">Weight of each cosine, above 0.</param>
    public static CurveLevels Of(double[] values, double[] weights)
    {
        var (sorted, weightOf) = ((double[])values.Clone(), (double[])weights.Clone());
        Array.Sort(sorted, weightOf);
        var median = Weighted.Median(sorted, weightOf);
        if (TwoLevels(sorted, weightOf) is { } two)
            return two;
        var (distances, weightOfDistance) = (Array.ConvertAll(sorted, value => Math.Abs(value - median)), (double[])weightOf.Clone());
        Array.Sort(distances, weightOfDistance);
        // 1.4826 converts the median absolute deviation of a normal distribution to its standard deviation.
        return new CurveLevels(median, Math.Max(LeastSpread, 1.4826 * Weighted.Median(distances, weightOfDistance)), null);
    }

    /// <summary>Returns the split with the greatest between-class variance (Otsu, 1979), if the modes are far enough apart; otherwise
    /// null.</summary>
    /// <param name="values">Ascending.</param>
    private static CurveLevels? TwoLevels(double[] values, double[] weights)
    {
        var all = Sums.Of(values, weights);
        Sums low = default, bestLow = default;
        var (best, cut) = (0.0, -1);
        for (var i = 0; i < values.Length - 1; i++)
        {
            low = low.With(values[i], weights[i]);
            var high = all.Minus(low);
            var distance = high.Mean - low.Mean;
            var between = low.Weight * high.Weight * distance * distance;
            if (between > best)
                (best, cut, bestLow) = (between, i, low);
        }
        if (cut < 0)
            return null;
        var bestHigh = all.Minus(bestLow);
        var inside = Math.Max(LeastSpread, Math.Sqrt((bestLow.Scatter + bestHigh.Scatter) / all.Weight));
        return (bestHigh.Mean - bestLow.Mean) / inside < Separation
            ? null
            : new CurveLevels(bestLow.Mean, inside, (values[cut] + values[cut + 1]) / 2);
    }

    /// <summary>Weighted count, sum and sum of squares.</summary>
    private readonly record struct Sums(double Weight, double Sum, double Squares)
    {
        public double Mean => Sum / Weight;

        /// <summary>Weight times variance.</summary>
        public double Scatter => Math.Max(0, Squares - Sum * Sum / Weight);

        public Sums With(double value, double weight) => new(Weight + weight, Sum + weight * value, Squares + weight * value * value);

        public Sums Minus(Sums other) => new(Weight - other.Weight, Sum - other.Sum, Squares - other.Squares);

        public static Sums Of(double[] values, double[] weights)
        {
            var sums = default(Sums);
            for (var i = 0; i < values.Length; i++)
                sums = sums.With(values[i], weights[i]);
            return sums;
        }
    }
}
