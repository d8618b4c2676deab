namespace VideoUnderstanding.Search.Moments;

/// <summary>Where a curve lies most of the time, and whether it lives on two levels.</summary>
/// <param name="Main">The level of the background: the median, or the mean of the lower level when there are two.</param>
/// <param name="Spread">Standard deviation around the level, estimated so that a few high frames do not move it.</param>
/// <param name="Split">The value between two clearly separate levels; null when there is one.</param>
internal readonly record struct CurveLevels(double Main, double Spread, double? Split)
{
    /// <summary>Cosines are not known better than this: a smaller spread is chance.</summary>
    private const double LeastSpread = 0.004;

    /// <summary>Distance of two levels, in spreads inside them, from which they count as two. The best cut of even noise reaches 3.5, of a
    /// bell curve 2.7.</summary>
    private const double Separation = 4.5;

    public static CurveLevels Of(IReadOnlyList<double> values, IReadOnlyList<double> weights)
    {
        var median = Weighted.Median(values, weights);
        // 1.4826 makes the median deviation of a bell curve its standard deviation.
        var spread = Math.Max(LeastSpread, 1.4826 * Weighted.Median([.. values.Select(value => Math.Abs(value - median))], weights));
        return TwoLevels(values, weights) ?? new CurveLevels(median, spread, null);
    }

    /// <summary>The cut with the greatest variance between its two sides (Otsu, 1979), if the sides are far enough apart.</summary>
    private static CurveLevels? TwoLevels(IReadOnlyList<double> values, IReadOnlyList<double> weights)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var all = Sums.Of(order, values, weights);
        Sums low = default, bestLow = default;
        var (best, cut) = (0.0, -1);
        for (var rank = 0; rank < order.Length - 1; rank++)
        {
            low = low.With(values[order[rank]], weights[order[rank]]);
            var high = all.Less(low);
            var between = low.Weight * high.Weight * Math.Pow(high.Mean - low.Mean, 2);
            if (between > best)
                (best, cut, bestLow) = (between, rank, low);
        }
        if (cut < 0)
            return null;
        var bestHigh = all.Less(bestLow);
        var inside = Math.Max(LeastSpread, Math.Sqrt((bestLow.Scatter + bestHigh.Scatter) / all.Weight));
        return (bestHigh.Mean - bestLow.Mean) / inside < Separation
            ? null
            : new CurveLevels(bestLow.Mean, inside, (values[order[cut]] + values[order[cut + 1]]) / 2);
    }

    /// <summary>Running weight, sum and sum of squares.</summary>
    private readonly record struct Sums(double Weight, double Sum, double Squares)
    {
        public double Mean => Sum / Weight;

        /// <summary>Weight times variance.</summary>
        public double Scatter => Math.Max(0, Squares - Sum * Sum / Weight);

        public Sums With(double value, double weight) => new(Weight + weight, Sum + weight * value, Squares + weight * value * value);

        public Sums Less(Sums other) => new(Weight - other.Weight, Sum - other.Sum, Squares - other.Squares);

        public static Sums Of(int[] order, IReadOnlyList<double> values, IReadOnlyList<double> weights)
            => order.Aggregate(default(Sums), (sums, i) => sums.With(values[i], weights[i]));
    }
}
