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

    private const int All = int.MaxValue;

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

    /// <summary>Returns the ranges with all frames wherever a moment begins or ends in a sample, so that its borders are exact.</summary>
    /// <returns>Null if no moment does.</returns>
    public static IReadOnlyList<CurveStretch>? Refined(IReadOnlyList<CurveStretch> stretches, IReadOnlyList<Moment> moments)
    {
        // Borders of moments are whole seconds.
        const double Rounding = 1;
        bool HasBorder(CurveStretch stretch) => stretch.Most == 1
            && moments.SelectMany(moment => (double[])[moment.Start, moment.End])
                .Any(border => stretch.From - Rounding <= border && border <= stretch.To + Rounding);
        return stretches.Any(HasBorder)
            ? [.. stretches.Select(stretch => HasBorder(stretch) ? stretch with { Most = All } : stretch)]
            : null;
    }

    private static IEnumerable<CurveStretch> Sampled(NearVideo video, double from, double to)
    {
        var count = (int)Math.Ceiling((to - from) / Math.Max(SampleSeconds, video.Duration / Samples));
        for (var i = 0; i < count; i++)
            yield return new CurveStretch(video.VideoId, from + (to - from) * i / count, from + (to - from) * (i + 1) / count, 1);
    }
}
