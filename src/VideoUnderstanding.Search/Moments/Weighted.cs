namespace VideoUnderstanding.Search.Moments;

/// <summary>Statistics of values weighted by duration.</summary>
internal static class Weighted
{
    /// <summary>Maximum frames, for videos with many shots per second.</summary>
    private const int MaxBestFrames = 6;

    /// <summary>Returns the weighted median; 0 without values.</summary>
    /// <param name="values">Ascending.</param>
    /// <param name="weights">Weight of each value.</param>
    public static double Median(double[] values, double[] weights)
    {
        var half = weights.Sum() / 2;
        var reached = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            reached += weights[i];
            if (reached >= half)
                return values[i];
        }
        return values.Length == 0 ? 0 : values[^1];
    }

    /// <summary>Returns the frames with the highest cosines until their duration reaches <paramref name="seconds"/>; at most
    /// <see cref="MaxBestFrames"/>.</summary>
    public static IReadOnlyList<BestFrame> Best(IEnumerable<CurveFrame> frames, double seconds)
    {
        var (best, time) = (new List<BestFrame>(MaxBestFrames), 0.0);
        foreach (var frame in frames.OrderByDescending(frame => frame.Cosine).Take(MaxBestFrames))
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
