namespace VideoUnderstanding.Search.Scoring;

/// <summary>Makes clips of the fragments that several options found. CONTRACT 7.3.</summary>
public static class ClipMerging
{
    /// <summary>Added to the best score for every further option, scaled by that option's own score.</summary>
    private const double AgreementBonus = 2;

    /// <summary>Fragments belong together when the shorter one is covered by this share.</summary>
    private const double LeastOverlap = 0.5;

    /// <summary>The best fragment gives a clip its boundaries and takes in the best overlapping fragment of every other option. A fragment
    /// that was taken in is no clip of its own, but may agree with further clips: each sentence spoken during one long shot stays a clip,
    /// and the shot agrees with all of them.</summary>
    /// <param name="fragments">Equal scores keep this order.</param>
    /// <returns>The best clip first.</returns>
    public static IReadOnlyList<ClipMatch> Merge(
        IReadOnlyList<Fragment> fragments, OptionOperator combine, IReadOnlyCollection<string> options)
    {
        var ranks = new Dictionary<Fragment, int>(fragments.Count, ReferenceEqualityComparer.Instance);
        foreach (var fragment in fragments)
            ranks.TryAdd(fragment, ranks.Count);
        return [.. fragments.GroupBy(fragment => fragment.VideoId)
            .SelectMany(video => MergeVideo([.. video]))
            .Where(made => combine == OptionOperator.Or || options.All(option => made.Clip.Matches.Any(match => match.Option == option)))
            .OrderByDescending(made => made.Clip.Score).ThenBy(made => ranks[made.Anchor])
            .Select(made => made.Clip)];
    }

    private static IEnumerable<(Fragment Anchor, ClipMatch Clip)> MergeVideo(List<Fragment> fragments)
    {
        var byOption = fragments.GroupBy(fragment => fragment.Option)
            .ToDictionary(group => group.Key, group => new OverlapIndex([.. group]));
        var used = new HashSet<Fragment>(ReferenceEqualityComparer.Instance);
        foreach (var anchor in fragments.OrderByDescending(fragment => fragment.Score))
        {
            if (!used.Add(anchor))
                continue;
            var others = byOption.Where(option => option.Key != anchor.Option)
                .Select(option => option.Value.Touching(anchor.Start, anchor.End).Where(other => Overlap(anchor, other) >= LeastOverlap)
                    .MaxBy(other => other.Score))
                .OfType<Fragment>()
                .OrderByDescending(other => other.Score)
                .ToList();
            used.UnionWith(others);
            yield return (anchor, Clip(anchor, others));
        }
    }

    private static ClipMatch Clip(Fragment anchor, List<Fragment> others)
        => new(anchor.VideoId, anchor.Start, anchor.End, ScoreOf(anchor, others),
            [.. others.Prepend(anchor)
                .Select(fragment => new OptionMatch(fragment.Option, MatchLevels.Round(fragment.Score), fragment.Text))]);

    /// <summary>The best part's score and a bonus for each further part. A part may be better than the anchor if it belongs to another clip
    /// too. The bonus does not lift the clip into a level that none of its parts has, because agreement is not measured.</summary>
    private static double ScoreOf(Fragment anchor, List<Fragment> others)
    {
        var scores = others.Select(other => other.Score).Append(anchor.Score).ToList();
        var best = scores.Max();
        return Math.Min(MatchLevels.Round(best + AgreementBonus * (scores.Sum() - best) / 100),
            MatchLevels.TopOf(MatchLevels.Of(MatchLevels.Round(best))));
    }

    /// <summary>Share of the shorter fragment that lies in the other, 0 to 1.</summary>
    private static double Overlap(Fragment one, Fragment other)
    {
        var common = Math.Min(one.End, other.End) - Math.Max(one.Start, other.Start);
        return common / Math.Max(0.001, Math.Min(one.End - one.Start, other.End - other.Start));
    }
}
