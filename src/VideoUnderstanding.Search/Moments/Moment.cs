namespace VideoUnderstanding.Search.Moments;

/// <summary>A stretch of video whose pictures fit the query. Times are seconds.</summary>
/// <param name="Peak">The most similar frame; it lies inside.</param>
/// <param name="Best">The most similar seconds inside, the best first: what makes the moment one.</param>
public sealed record Moment(double Start, double End, CurveFrame Peak, IReadOnlyList<BestFrame> Best)
{
    /// <summary>Mean cosine of the most similar seconds inside.</summary>
    public double Similarity { get; } = Mean(Best, best => best.Frame.Cosine);

    /// <summary>Mean over the most similar seconds of something else that is known of their frames.</summary>
    public double MeanOfBest(Func<CurveFrame, double> value) => Mean(Best, best => value(best.Frame));

    private static double Mean(IReadOnlyList<BestFrame> best, Func<BestFrame, double> value)
        => best.Sum(frame => frame.Seconds * value(frame)) / best.Sum(frame => frame.Seconds);
}

/// <summary>A frame and how many of its seconds count.</summary>
public readonly record struct BestFrame(CurveFrame Frame, double Seconds);

/// <summary>Numbers of the moment finder. Times are seconds.</summary>
public sealed record MomentShape
{
    public static MomentShape Default { get; } = new();

    /// <summary>A moment reaches as far as the similarity stays above the background by this share of its peak's height.</summary>
    public double ShareOfPeak { get; init; } = 0.5;

    /// <summary>A peak counts when it stands out of the background by this many spreads.</summary>
    public double Significance { get; init; } = 4;

    /// <summary>A dip inside a moment may last so long when it is deep, and so long when it is shallow.</summary>
    public double DeepDip { get; init; } = 1;
    public double ShallowDip { get; init; } = 3;

    /// <summary>A boundary this close to a shot limit moves there.</summary>
    public double Snap { get; init; } = 1;

    /// <summary>The score is the mean of so many best seconds: enough to outlast one odd frame, few enough not to punish length.</summary>
    public double BestSeconds { get; init; } = 2;

    /// <summary>Moments of one video.</summary>
    public int AtMost { get; init; } = 50;
}
