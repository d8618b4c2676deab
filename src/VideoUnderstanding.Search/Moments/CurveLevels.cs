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

    public static CurveLevels Of(IReadOnlyList<double> values, IReadOnlyList<double> weights)
    {
        var median = Weighted.Median(values, weights);
        // 1.4826 converts the median absolute deviation of a normal distribution to its standard deviation.
        var spread = Math.Max(LeastSpread, 1.4826 * Weighted.Median([.. values.Select(value => Math.Abs(value - median))], weights));
        return TwoLevels(values, weights) ?? new CurveLevels(median, spread, null);
    }

    /// <summary>Returns the split with the greatest between-class variance (Otsu, 1979), if the modes are far enough apart; otherwise
    /// null.</summary>
    private static CurveLevels? TwoLevels(IReadOnlyList<double> values, IReadOnlyList<double> weights)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var all = Sums.Of(order, values, weights);
        Sums low = default, bestLow = default;
        var (best, cut) = (0.0, -1);
        for (var rank = 0; rank < order.Length - 1; rank++)
        {
            low = low.With(values[order[rank]], weights[order[rank]]);
            var high = all.Minus(low);
            var between = low.Weight * high.Weight * Math.Pow(high.Mean - low.Mean, 2);
            if (between > best)
                (best, cut, bestLow) = (between, rank, low);
        }
        if (cut < 0)
            return null;
        var bestHigh = all.Minus(bestLow);
        var inside = Math.Max(LeastSpread, Math.Sqrt((bestLow.Scatter + bestHigh.Scatter) / all.Weight));
        return (bestHigh.Mean - bestLow.Mean) / inside < Separation
            ? null
            : new CurveLevels(bestLow.Mean, inside, (values[order[cut]] + values[order[cut + 1]]) / 2);
    }

    /// <summary>Weighted count, sum and sum of squares.</summary>
    private readonly record struct Sums(double Weight, double Sum, double Squares)
    {
        public double Mean => Sum / Weight;

        /// <summary>Weight times variance.</summary>
        public double Scatter => Math.Max(0, Squares - Sum * Sum / Weight);

        public Sums With(double value, double weight) => new(Weight + weight, Sum + weight * value, Squares + weight * value * value);

        public Sums Minus(Sums other) => new(Weight - other.Weight, Sum - other.Sum, Squares - other.Squares);

        public static Sums Of(int[] order, IReadOnlyList<double> values, IReadOnlyList<double> weights)
            => order.Aggregate(default(Sums), (sums, i) => sums.With(values[i], weights[i]));
    }
}
