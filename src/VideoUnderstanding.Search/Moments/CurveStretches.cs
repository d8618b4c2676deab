namespace VideoUnderstanding.Search.Moments;

/// <summary>A video with frames near the query.</summary>
/// <param name="Duration">Seconds; 0 if unknown.</param>
/// <param name="Hits">Start times of the nearest frames, in seconds; empty if unknown.</param>
internal sealed record NearVideo(string VideoId, double Duration, IReadOnlyList<double> Hits);

/// <summary>A time range of a video whose frames a curve contains, in seconds; <paramref name="To"/> is exclusive.</summary>
/// <param name="Most">Maximum frames, the first ones. A single frame is a sample: it represents the whole range.</param>
internal readonly record struct CurveStretch(string VideoId, double From, double To, int Most);

/// <summary>Selects the frames of a similarity curve, so that the cost of a long video does not grow with its length: all frames around
/// hits, and samples elsewhere, which give the level of the video.</summary>
internal static class CurveStretches
{
    /// <summary>Duration in seconds up to which all frames of a video are read.</summary>
    public const double WholeSeconds = 120;

    /// <summary>Seconds before and after a hit. A moment that is longer continues in the samples.</summary>
    public const double Around = 30;

    /// <summary>Maximum samples of a video, and the minimum distance of two in seconds. A sample takes as long as about five frames in a
    /// row.</summary>
    public const int Samples = 16;
    public const double SampleSeconds = 10;

    /// <summary>All frames of a range.</summary>
    public const int All = int.MaxValue;

    /// <summary>Returns disjoint ranges in order of time that cover the video.</summary>
    public static IReadOnlyList<CurveStretch> Of(NearVideo video)
    {
        if (video.Hits.Count == 0 || video.Duration <= WholeSeconds)
            return [new CurveStretch(video.VideoId, double.NegativeInfinity, double.PositiveInfinity, All)];
        var (stretches, end) = (new List<CurveStretch>(), 0.0);
        foreach (var hit in video.Hits.Order())
        {
            var (from, to) = (Math.Max(end, hit - Around), hit + Around);
            if (from > end)
                stretches.AddRange(Sampled(video, end, from));
            if (to > from)
                stretches.Add(new CurveStretch(video.VideoId, from, to, All));
            end = Math.Max(end, to);
        }
        stretches.AddRange(Sampled(video, end, video.Duration));
        return stretches;
    }

    private static IEnumerable<CurveStretch> Sampled(NearVideo video, double from, double to)
    {
        var count = (int)Math.Ceiling((to - from) / Math.Max(SampleSeconds, video.Duration / Samples));
        for (var i = 0; i < count; i++)
            yield return new CurveStretch(video.VideoId, from + (to - from) * i / count, from + (to - from) * (i + 1) / count, 1);
    }
}

/// <summary>The curve of one video, of which only some ranges were read in full.</summary>
internal sealed class PartialCurve
{
    /// <summary>Tolerance in seconds, because borders of moments are whole seconds.</summary>
    private const double Rounding = 1;

    private readonly CurveStretch[] _stretches;
    private readonly CurveFrame[][] _frames;

    public PartialCurve(NearVideo video)
    {
        _stretches = [.. CurveStretches.Of(video)];
        _frames = new CurveFrame[_stretches.Length][];
        Array.Fill(_frames, []);
    }

    /// <summary>Ranges to read, with their positions.</summary>
    public IEnumerable<(CurveStretch Stretch, int Position)> Stretches => _stretches.Select((stretch, position) => (stretch, position));

    /// <summary>Frames that were read, in order of time. The frame of a sample ends with its range.</summary>
    public IReadOnlyList<CurveFrame> Frames => [.. _frames.SelectMany(frames => frames)];

    /// <summary>Sets the frames of a range.</summary>
    public void Set(int position, CurveFrame[] frames)
        => _frames[position] = _stretches[position].Most == 1
            ? [.. frames.Select(frame => frame with { End = Math.Max(frame.End, _stretches[position].To) })]
            : frames;

    /// <summary>Returns the samples in which a moment begins or ends, as ranges to read in full, so that its borders are exact.</summary>
    public IReadOnlyList<(CurveStretch Stretch, int Position)> Refine(IReadOnlyList<Moment> moments)
    {
        var refined = new List<(CurveStretch, int)>();
        for (var i = 0; i < _stretches.Length; i++)
            if (_stretches[i].Most == 1 && HasBorder(_stretches[i], moments))
                refined.Add((_stretches[i] = _stretches[i] with { Most = CurveStretches.All }, i));
        return refined;
    }

    private static bool HasBorder(CurveStretch stretch, IReadOnlyList<Moment> moments)
    {
        bool Contains(double border) => stretch.From - Rounding <= border && border <= stretch.To + Rounding;
        return moments.Any(moment => Contains(moment.Start) || Contains(moment.End));
    }
}
