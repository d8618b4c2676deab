namespace VideoUnderstanding.Search.Classification;

/// <summary>Decides whether a video has a label, from the scores and the total duration of its fragments. CONTRACT, section 9.</summary>
/// <param name="minShare">Minimum share of the video, 0 to 1, if the bounds set none.</param>
/// <param name="clips">Maximum clips to return; null returns no clips.</param>
public sealed class LabelMatcher(ClassificationBounds bounds, double minShare, int? clips)
{
    /// <summary>Tolerance for the floating-point error of the sum of durations.</summary>
    private const double Tolerance = 1e-9;

    /// <param name="fragments">Fragments that reach the fragment threshold, in any order.</param>
    /// <param name="duration">Duration of the video in seconds.</param>
    /// <returns>The match, or null if the video does not have the label.</returns>
    public LabelMatch? Match(string name, IReadOnlyCollection<LabelClip> fragments, double duration)
    {
        if (fragments.Count == 0 || duration <= 0)
            return null;
        var covered = Coverage.Of(fragments.Select(fragment => (fragment.Start, fragment.End)), duration);
        var share = Math.Min(1, covered / duration);
        var best = fragments.Max(fragment => fragment.Score);
        return share + Tolerance < (bounds.Share ?? minShare) || best < bounds.Label
            ? null
            : new LabelMatch(name, best, covered, share, clips is { } most ? Best(fragments, most) : null);
    }

    private static IReadOnlyList<LabelClip> Best(IEnumerable<LabelClip> fragments, int most)
        => [.. fragments.OrderByDescending(fragment => fragment.Score).ThenBy(fragment => fragment.Start).ThenBy(fragment => fragment.End)
            .Take(most)];
}

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
