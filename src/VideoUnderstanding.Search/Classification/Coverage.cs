namespace VideoUnderstanding.Search.Classification;

/// <summary>Computes the duration of a union of time intervals.</summary>
public static class Coverage
{
    /// <param name="intervals">Intervals in seconds, in any order; they may overlap.</param>
    /// <param name="duration">Duration of the video in seconds; time beyond it is not counted.</param>
    /// <returns>Seconds covered by at least one interval.</returns>
    public static double Of(IEnumerable<(double Start, double End)> intervals, double duration)
    {
        var (covered, reached) = (0.0, 0.0);
        foreach (var (start, end) in intervals.OrderBy(interval => interval.Start))
        {
            var until = Math.Min(end, duration);
            covered += Math.Max(0, until - Math.Max(start, reached));
            reached = Math.Max(reached, until);
        }
        return covered;
    }
}
