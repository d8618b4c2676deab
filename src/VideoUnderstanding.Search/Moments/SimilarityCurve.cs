namespace VideoUnderstanding.Search.Moments;

/// <summary>Cosine of one frame with the query. The frame represents [Start, End), in seconds.</summary>
public readonly record struct CurveFrame(double Start, double End, int Shot, double Cosine)
{
    public double Length => End - Start;
}

/// <summary>Cosines of all frames of one video with a query, in order of time.</summary>
internal sealed class SimilarityCurve
{
    /// <summary>Weight of a frame's own value in smoothing; its two neighbours in the same shot share the rest.</summary>
    private const double OwnShare = 0.6;

    public SimilarityCurve(IReadOnlyList<CurveFrame> frames)
    {
        Frames = frames;
        Smooth = [.. frames.Select((_, i) => Smoothed(i))];
        Levels = CurveLevels.Of(Smooth, [.. frames.Select(frame => Math.Max(frame.Length, 0.001))]);
    }

    public IReadOnlyList<CurveFrame> Frames { get; }

    /// <summary>Smoothed cosines, so that one blurred frame neither creates nor splits a moment. Smoothing does not cross shot
    /// boundaries.</summary>
    public double[] Smooth { get; }

    public CurveLevels Levels { get; }

    private double Smoothed(int i)
    {
        var own = Frames[i].Cosine;
        var before = i > 0 && Frames[i - 1].Shot == Frames[i].Shot ? Frames[i - 1].Cosine : own;
        var after = i + 1 < Frames.Count && Frames[i + 1].Shot == Frames[i].Shot ? Frames[i + 1].Cosine : own;
        return OwnShare * own + (1 - OwnShare) / 2 * (before + after);
    }
}
