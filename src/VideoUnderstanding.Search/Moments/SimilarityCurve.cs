namespace VideoUnderstanding.Search.Moments;

/// <summary>How similar one frame is to the query. The frame stands for [Start, End), in seconds.</summary>
public readonly record struct CurveFrame(double Start, double End, int Shot, double Cosine)
{
    public double Length => End - Start;
}

/// <summary>The similarity of all frames of one video with a query, in order of time.</summary>
internal sealed class SimilarityCurve
{
    /// <summary>Share of a frame's own value after smoothing; its neighbours in the same shot share the rest.</summary>
    private const double OwnShare = 0.6;

    public SimilarityCurve(IReadOnlyList<CurveFrame> frames)
    {
        Frames = frames;
        Smooth = [.. frames.Select((_, i) => Smoothed(i))];
        Levels = CurveLevels.Of(Smooth, [.. frames.Select(frame => Math.Max(frame.Length, 0.001))]);
    }

    public IReadOnlyList<CurveFrame> Frames { get; }

    /// <summary>Lightly smoothed cosines: one blurred frame neither makes nor breaks a moment. Shots do not bleed into each
    /// other.</summary>
    public IReadOnlyList<double> Smooth { get; }

    public CurveLevels Levels { get; }

    private double Smoothed(int i)
    {
        var own = Frames[i].Cosine;
        var before = i > 0 && Frames[i - 1].Shot == Frames[i].Shot ? Frames[i - 1].Cosine : own;
        var after = i + 1 < Frames.Count && Frames[i + 1].Shot == Frames[i].Shot ? Frames[i + 1].Cosine : own;
        return OwnShare * own + (1 - OwnShare) / 2 * (before + after);
    }
}
