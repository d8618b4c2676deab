namespace VideoUnderstanding.Search.Moments;

/// <summary>Cuts the similarity curve of one video into moments: each grows from a peak as far as its plateau reaches.</summary>
public static class MomentFinder
{
    /// <param name="frames">All frames of the video in order of time; they do not overlap.</param>
    /// <param name="background">Cosine of the query with an ordinary frame of the index.</param>
    /// <returns>In order of time, apart from each other. At least one for a video with frames: where nothing stands out, the whole video is
    /// one moment.</returns>
    public static IReadOnlyList<Moment> Find(IReadOnlyList<CurveFrame> frames, double background, MomentShape? shape = null)
    {
        if (frames.Count == 0)
            return [];
        var growth = new MomentGrowth(new SimilarityCurve(frames), shape ?? MomentShape.Default);
        var bar = new MomentBar(growth.Curve.Levels, background, growth.Shape);
        foreach (var seed in Enumerable.Range(0, frames.Count).OrderByDescending(i => growth.Curve.Smooth[i]))
        {
            if (growth.Count == growth.Shape.AtMost)
                break;
            var peak = growth.Curve.Smooth[seed];
            if (bar.Of(peak) is { } cut)
                growth.Grow(seed, Math.Min(cut, peak));
            else if (growth.Count == 0 && bar.OfMixed(peak) is { } half)
                growth.Grow(seed, half);
            else if (growth.Count == 0)
                growth.TakeAll(seed);
            else
                // Peaks come in falling order: the rest stands out even less.
                break;
        }
        return growth.Moments();
    }
}

/// <summary>How low the similarity may fall inside the moment of a peak.</summary>
internal readonly struct MomentBar(CurveLevels levels, double background, MomentShape shape)
{
    /// <summary>Spreads below the level of a plateau that still belong to it.</summary>
    private const double PlateauDepth = 2.5;

    /// <returns>Null when the peak does not stand out of anything.</returns>
    public double? Of(double peak)
    {
        // In a small index the ordinary frame may be one of the fitting ones; the lower level of the video then is the background.
        if (levels.Split is { } split && peak >= split)
            return Math.Max(split, Over(Math.Min(background, levels.Main), peak));
        var overIndex = Over(background, peak);
        // A rare peak is measured against its own video as well, or in a fitting video everything would be one moment.
        if (peak - levels.Main >= shape.Significance * levels.Spread)
            return Math.Max(overIndex, Over(levels.Main, peak));
        // An ordinary peak belongs to the plateau on which the video lies; that counts when the plateau stands out of the index.
        return levels.Main - background >= shape.Significance * levels.Spread
            ? Math.Min(overIndex, levels.Main - PlateauDepth * levels.Spread)
            : null;
    }

    /// <summary>For a video of many scenes, whose curve varies so much that no peak counts as rare: how low its best moment may
    /// fall.</summary>
    /// <returns>Null where most of the video is about as similar as its peak.</returns>
    public double? OfMixed(double peak)
    {
        var half = Over(background, peak);
        return peak > background && levels.Main < half ? half : null;
    }

    private double Over(double level, double peak) => level + shape.ShareOfPeak * (peak - level);
}
