namespace VideoUnderstanding.Search.Moments;

/// <summary>Statistics of values that count for different lengths of time.</summary>
internal static class Weighted
{
    /// <summary>Where shots change many times a second, a few frames say enough.</summary>
    private const int MostBest = 6;

    /// <summary>The value at which half of the weight is reached; 0 without values.</summary>
    public static double Median(IReadOnlyList<double> values, IReadOnlyList<double> weights)
    {
        var half = weights.Sum() / 2;
        var reached = 0.0;
        foreach (var i in Enumerable.Range(0, values.Count).OrderBy(i => values[i]))
        {
            reached += weights[i];
            if (reached >= half)
                return values[i];
        }
        return values.Count == 0 ? 0 : values.Max();
    }

    /// <summary>The frames with the greatest cosines that together last a given time, or all of them if they last less; at most a
    /// few.</summary>
    public static IReadOnlyList<BestFrame> Best(IEnumerable<CurveFrame> frames, double seconds)
    {
        var (best, time) = (new List<BestFrame>(MostBest), 0.0);
        foreach (var frame in frames.OrderByDescending(frame => frame.Cosine).Take(MostBest))
        {
            var length = Math.Min(Math.Max(frame.Length, 0.001), seconds - time);
            if (length <= 0)
                break;
            best.Add(new BestFrame(frame, length));
            time += length;
        }
        return best;
    }
}
