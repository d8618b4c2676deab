namespace VideoUnderstanding.Search.Classification;

/// <summary>Decides from the fragments of a video whether it has a label. CONTRACT, section 9.</summary>
/// <param name="minShare">Least share of the video, 0 to 1, unless the bounds name another.</param>
/// <param name="clips">Clips to tell at most; null for none.</param>
public sealed class LabelJudge(ClassificationBounds bounds, double minShare, int? clips)
{
    /// <summary>Sums of seconds are not exact: what falls short by less than this does not.</summary>
    private const double Rounding = 1e-9;

    /// <param name="fragments">Those that reach the bound for fragments, in any order.</param>
    /// <param name="duration">Seconds of the video.</param>
    /// <returns>Null when the video does not have the label.</returns>
    public LabelMatch? Judge(string name, IReadOnlyCollection<LabelClip> fragments, double duration)
    {
        if (fragments.Count == 0 || duration <= 0)
            return null;
        var covered = Coverage.Of(fragments.Select(fragment => (fragment.Start, fragment.End)), duration);
        var share = Math.Min(1, covered / duration);
        var best = fragments.Max(fragment => fragment.Score);
        return share + Rounding < (bounds.Share ?? minShare) || best < bounds.Label
            ? null
            : new LabelMatch(name, best, covered, share, clips is { } most ? Best(fragments, most) : null);
    }

    private static IReadOnlyList<LabelClip> Best(IEnumerable<LabelClip> fragments, int most)
        => [.. fragments.OrderByDescending(fragment => fragment.Score).ThenBy(fragment => fragment.Start).ThenBy(fragment => fragment.End)
            .Take(most)];
}
