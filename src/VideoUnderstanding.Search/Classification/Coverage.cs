namespace VideoUnderstanding.Search.Classification;

/// <summary>How much time several stretches cover together.</summary>
public static class Coverage
{
    /// <param name="stretches">Seconds, in any order; they may overlap.</param>
    /// <param name="duration">Seconds of the video; what lies outside does not count.</param>
    /// <returns>Seconds in which there is one stretch at least.</returns>
    public static double Of(IEnumerable<(double Start, double End)> stretches, double duration)
    {
        var (covered, reached) = (0.0, 0.0);
        foreach (var (start, end) in stretches.OrderBy(stretch => stretch.Start))
        {
            var until = Math.Min(end, duration);
            covered += Math.Max(0, until - Math.Max(start, reached));
            reached = Math.Max(reached, until);
        }
        return covered;
    }
}
