using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Moments;

/// <summary>The time range of a hit, in seconds.</summary>
public readonly record struct HitRange(string VideoId, double Start, double End);

/// <summary>The scores of the option visual around a hit, in equal steps of time.</summary>
/// <param name="From">Start of the first step, in seconds.</param>
/// <param name="Step">Length of a step in seconds: half a second or a multiple of it.</param>
/// <param name="Scores">The highest score within each step, 0 to 100 with two decimals; at most <see cref="MaxSteps"/>. Null: nothing of
/// the step is indexed. Empty: nothing of the range is indexed.</param>
public sealed record HitCurve(double From, double Step, IReadOnlyList<double?> Scores)
{
    /// <summary>Maximum steps of a curve.</summary>
    public const int MaxSteps = 64;

    /// <param name="fragments">Matches in the same video that are not frames, for example sounds. They count where they score more.</param>
    internal static HitCurve Of(CurveWindow window, IReadOnlyList<double?> frames, IEnumerable<Fragment> fragments)
    {
        var scores = frames.ToArray();
        foreach (var fragment in fragments)
            foreach (var step in window.StepsOf(fragment.Start, fragment.End))
                scores[step] = Math.Max(scores[step] ?? 0, fragment.Score);
        var known = Array.FindLastIndex(scores, score => score is not null) + 1;
        return new HitCurve(window.From, window.Step,
            [.. scores.Take(known).Select(score => score is { } value ? MatchLevels.Round(value) : (double?)null)]);
    }
}

/// <summary>The time around a hit, in equal steps. Times are seconds.</summary>
internal readonly record struct CurveWindow(string VideoId, double From, double Step, int Count)
{
    private const double LeastStep = 0.5;

    /// <summary>Time before and after a hit: as long as the hit, within these limits.</summary>
    private const double LeastMargin = 10, MostMargin = 30;

    public double To => From + Step * Count;

    /// <summary>Returns the shortest steps with which the number of steps is within the limit. They begin at multiples of their length, so
    /// a hit in whole seconds begins and ends with a step of up to one second.</summary>
    public static CurveWindow Around(HitRange hit)
    {
        var margin = Math.Clamp(hit.End - hit.Start, LeastMargin, MostMargin);
        var (from, to) = (Math.Max(0, hit.Start - margin), hit.End + margin);
        for (var step = LeastStep; ; step *= 2)
        {
            var (first, end) = (Math.Floor(from / step), Math.Ceiling(to / step));
            if (end - first <= HitCurve.MaxSteps)
                return new CurveWindow(hit.VideoId, first * step, step, (int)(end - first));
        }
    }

    /// <summary>Returns the positions of the steps that a range overlaps. A range without length is in one step.</summary>
    public IEnumerable<int> StepsOf(double start, double end)
    {
        var first = Math.Floor((start - From) / Step);
        var last = Math.Max(first, Math.Ceiling((end - From) / Step) - 1);
        for (var i = (int)Math.Clamp(first, 0, Count); i <= Math.Clamp(last, -1, Count - 1); i++)
            yield return i;
    }

    /// <summary>Returns the most similar frame of each step; null for a step without a frame.</summary>
    public CurveFrame?[] BestOf(IEnumerable<CurveFrame> frames)
    {
        var best = new CurveFrame?[Count];
        foreach (var frame in frames)
            foreach (var step in StepsOf(frame.Start, frame.End))
                if (best[step] is not { } known || frame.Cosine > known.Cosine)
                    best[step] = frame;
        return best;
    }
}
