namespace VideoUnderstanding.Search.Scoring;

/// <summary>Removes redundant fragments of one option, for example a sound within a matching picture.</summary>
public static class NonMaximumSuppression
{
    /// <summary>A fragment is removed if one with a higher score covers at least this share of it.</summary>
    private const double MinCoverage = 0.5;

    /// <summary>Removes fragments that a fragment with a higher score covers by half. A long fragment remains beside a short one with a
    /// higher score.</summary>
    /// <returns>Fragments, highest score first; equal scores keep their order.</returns>
    public static IReadOnlyList<Fragment> Apply(IReadOnlyList<Fragment> fragments)
    {
        var kept = new List<Fragment>();
        var byVideo = new Dictionary<string, List<Fragment>>();
        foreach (var fragment in fragments.OrderByDescending(fragment => fragment.Score))
        {
            if (!byVideo.TryGetValue(fragment.VideoId, out var stronger))
                byVideo.Add(fragment.VideoId, stronger = []);
            if (stronger.Exists(other => Covers(other, fragment)))
                continue;
            stronger.Add(fragment);
            kept.Add(fragment);
        }
        return kept;
    }

    private static bool Covers(Fragment stronger, Fragment fragment)
        => Math.Min(stronger.End, fragment.End) - Math.Max(stronger.Start, fragment.Start) >= MinCoverage * Math.Max(0.001,
            fragment.End - fragment.Start);
}
