namespace VideoUnderstanding.Search.Moments;

/// <summary>A time range of a video whose frames match the query. Times are seconds.</summary>
/// <param name="Peak">The most similar frame, within the range.</param>
/// <param name="Best">The most similar frames within the range, best first; they determine the score.</param>
public sealed record Moment(double Start, double End, CurveFrame Peak, IReadOnlyList<BestFrame> Best)
{
    /// <summary>Mean cosine of the best frames, weighted by duration.</summary>
    public double Similarity { get; } = Mean(Best, best => best.Frame.Cosine);

    /// <summary>Returns the mean of another value of the best frames, weighted by duration.</summary>
    public double MeanOfBest(Func<CurveFrame, double> value) => Mean(Best, best => value(best.Frame));

    private static double Mean(IReadOnlyList<BestFrame> best, Func<BestFrame, double> value)
        => best.Sum(frame => frame.Seconds * value(frame)) / best.Sum(frame => frame.Seconds);
}

/// <summary>A frame and the number of its seconds that count.</summary>
public readonly record struct BestFrame(CurveFrame Frame, double Seconds);

/// <summary>Parameters of the moment finder. Times are seconds.</summary>
public sealed record MomentShape
{
    public static MomentShape Default { get; } = new();

    /// <summary>A moment extends while the similarity exceeds the background by this share of its peak's height above the
    /// background.</summary>
    public double ShareOfPeak { get; init; } = 0.5;

    /// <summary>Minimum height of a peak above the background, in standard deviations.</summary>
    public double Significance { get; init; } = 4;

    /// <summary>Maximum duration of a dip within a moment: more than half of the peak's height deep, or shallower.</summary>
    public double DeepDip { get; init; } = 1;
    public double ShallowDip { get; init; } = 3;

    /// <summary>A boundary within this distance of a shot boundary moves to it.</summary>
    public double Snap { get; init; } = 1;

    /// <summary>Duration of the best frames whose mean is the score: longer than one outlier frame, and short enough not to penalise long
    /// moments.</summary>
    public double BestSeconds { get; init; } = 2;

    /// <summary>Maximum moments per video.</summary>
    public int MaxMoments { get; init; } = 50;
}
