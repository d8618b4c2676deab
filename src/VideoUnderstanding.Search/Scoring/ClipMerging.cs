namespace VideoUnderstanding.Search.Scoring;

/// <summary>Merges the fragments of several options into clips. CONTRACT 7.3.</summary>
public static class ClipMerging
{
    /// <summary>Added to the best score for each further option, multiplied by that option's score / 100.</summary>
    private const double AgreementBonus = 2;

    /// <summary>Minimum share of the shorter fragment that the other must cover.</summary>
    private const double MinOverlap = 0.5;

    /// <summary>Each clip has the boundaries of its best fragment and includes the best overlapping fragment of every other option. An
    /// included fragment does not form a clip itself, but can be part of several: each sentence of a long shot remains a clip that includes
    /// the shot.</summary>
    /// <param name="fragments">Clips with equal scores keep this order.</param>
    /// <returns>Clips, best first.</returns>
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
                .Select(option => option.Value.Touching(anchor.Start, anchor.End).Where(other => Overlap(anchor, other) >= MinOverlap)
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

    /// <summary>Returns the best score plus a bonus for each further part. A part can score higher than the anchor if it is also part of
    /// another clip. The bonus never raises the level, because the effect of agreement is not calibrated.</summary>
    private static double ScoreOf(Fragment anchor, List<Fragment> others)
    {
        var scores = others.Select(other => other.Score).Append(anchor.Score).ToList();
        var best = scores.Max();
        return Math.Min(MatchLevels.Round(best + AgreementBonus * (scores.Sum() - best) / 100),
            MatchLevels.TopOf(MatchLevels.Of(MatchLevels.Round(best))));
    }

    /// <summary>Returns the share of the shorter fragment that the other covers, 0 to 1; negative if they are apart.</summary>
    private static double Overlap(Fragment one, Fragment other)
    {
        var common = Math.Min(one.End, other.End) - Math.Max(one.Start, other.Start);
        return common / Math.Max(0.001, Math.Min(one.End - one.Start, other.End - other.Start));
    }
}
