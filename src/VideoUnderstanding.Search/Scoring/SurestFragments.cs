namespace VideoUnderstanding.Search.Scoring;

/// <summary>Fragments of one option that tell of the same stretch, for example a picture and its sound, as one.</summary>
public static class SurestFragments
{
    /// <summary>A fragment is left out if a surer one covers this share of it.</summary>
    private const double CoveredShare = 0.5;

    /// <summary>Leaves out fragments that a fragment of a higher score covers by half. A long fragment stays beside a short one of a higher
    /// score: it tells of more.</summary>
    /// <returns>The highest score first; equal scores keep their order.</returns>
    public static IReadOnlyList<Fragment> Of(IReadOnlyList<Fragment> fragments)
    {
        var kept = new List<Fragment>();
        var byVideo = new Dictionary<string, List<Fragment>>();
        foreach (var fragment in fragments.OrderByDescending(fragment => fragment.Score))
        {
            if (!byVideo.TryGetValue(fragment.VideoId, out var surer))
                byVideo.Add(fragment.VideoId, surer = []);
            if (surer.Exists(other => Covers(other, fragment)))
                continue;
            surer.Add(fragment);
            kept.Add(fragment);
        }
        return kept;
    }

    private static bool Covers(Fragment surer, Fragment fragment)
        => Math.Min(surer.End, fragment.End) - Math.Max(surer.Start, fragment.Start) >= CoveredShare * Math.Max(0.001,
            fragment.End - fragment.Start);
}
