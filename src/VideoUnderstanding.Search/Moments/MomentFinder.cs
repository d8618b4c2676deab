namespace VideoUnderstanding.Search.Moments;

/// <summary>Segments the similarity curve of one video into moments. Each moment grows from a peak to the ends of its plateau.</summary>
public static class MomentFinder
{
    /// <param name="frames">All frames of the video in order of time, without overlaps.</param>
    /// <param name="background">Background cosine of the query in the index.</param>
    /// <returns>Disjoint moments in order of time. At least one for a video with frames: if no peak stands out, the whole video is one
    /// moment.</returns>
    public static IReadOnlyList<Moment> Find(IReadOnlyList<CurveFrame> frames, double background, MomentShape? shape = null)
    {
        if (frames.Count == 0)
            return [];
        var growth = new MomentGrowth(new SimilarityCurve(frames), shape ?? MomentShape.Default);
        var threshold = new MomentThreshold(growth.Curve.Levels, background, growth.Shape);
        foreach (var seed in ByHeight(growth.Curve.Smooth))
        {
            if (growth.Count == growth.Shape.MaxMoments)
                break;
            var peak = growth.Curve.Smooth[seed];
            if (threshold.Of(peak) is { } cut)
                growth.Grow(seed, Math.Min(cut, peak));
            else if (growth.Count == 0 && threshold.FallbackOf(peak) is { } half)
                growth.Grow(seed, half);
            else if (growth.Count == 0)
                growth.TakeAll(seed);
            else
                // Peaks are in descending order, so no later peak can stand out.
                break;
        }
        return growth.Moments();
    }

    /// <summary>Returns the positions of the values, the highest first; of equal ones the first.</summary>
    private static int[] ByHeight(double[] values)
    {
        int[] positions = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(positions, (one, other)
            => values[other].CompareTo(values[one]) is not 0 and var order ? order : one.CompareTo(other));
        return positions;
    }
}

/// <summary>Computes the minimum similarity within the moment of a peak.</summary>
internal readonly struct MomentThreshold(CurveLevels levels, double background, MomentShape shape)
{
    /// <summary>Depth below the level of a plateau that still belongs to it, in standard deviations.</summary>
    private const double PlateauDepth = 2.5;

    /// <returns>The minimum cosine; null if the peak does not stand out.</returns>
    public double? Of(double peak)
    {
        // In a small index the background sample may consist of matching frames; then the lower mode of the video is the background.
        if (levels.Split is { } split && peak >= split)
            return Math.Max(split, Over(Math.Min(background, levels.Main), peak));
        var overIndex = Over(background, peak);
        // A rare peak must also exceed its own video's level; otherwise a video that matches throughout would be one moment.
        if (peak - levels.Main >= shape.Significance * levels.Spread)
            return Math.Max(overIndex, Over(levels.Main, peak));
        // A peak that is not rare belongs to the video's plateau, which counts if it stands out from the index.
        return levels.Main - background >= shape.Significance * levels.Spread
            ? Math.Min(overIndex, levels.Main - PlateauDepth * levels.Spread)
            : null;
    }

    /// <summary>Returns the minimum cosine for the best moment of a video with many scenes, whose curve varies so much that no peak is
    /// rare.</summary>
    /// <returns>Null if most of the video is about as similar as its peak.</returns>
    public double? FallbackOf(double peak)
    {
        var half = Over(background, peak);
        return peak > background && levels.Main < half ? half : null;
    }

    private double Over(double level, double peak) => level + shape.ShareOfPeak * (peak - level);
}
