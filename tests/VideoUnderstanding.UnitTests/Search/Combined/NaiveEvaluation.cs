using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Combined;

namespace VideoUnderstanding.UnitTests.Search.Combined;

/// <summary>The operators by their definition, evaluated exhaustively. One video only.</summary>
internal static class NaiveEvaluation
{
    public static IReadOnlyList<(double Start, double End, double Score)> Evaluate(
        CombinedQuery query, Func<TextQuery, IReadOnlyList<ClipMatch>> leaf)
        => [.. Find(query, leaf).Select(clip => (clip.Start, clip.End, clip.Score)).Order()];

    private static List<ClipMatch> Find(CombinedQuery query, Func<TextQuery, IReadOnlyList<ClipMatch>> leaf) => query switch
    {
        LeafQuery text => [.. leaf(text.Query)],
        NotQuery not => [.. Find(not.Origin, leaf).Where(clip => Find(not.Sub, leaf).All(other => !Overlap(clip, other, not.Adjacency)))],
        JoinQuery { Kind: JoinKind.Or } or => Or([.. or.Parts.SelectMany(part => Find(part, leaf))], or.Adjacency),
        JoinQuery { Kind: JoinKind.And } and => And([.. and.Parts.Select(part => Find(part, leaf))], and.Adjacency),
        JoinQuery then => Then([.. then.Parts.Select(part => Find(part, leaf))], then.Adjacency),
        _ => throw new ArgumentOutOfRangeException(nameof(query)),
    };

    private static bool Overlap(ClipMatch one, ClipMatch other, double wider)
        => one.Start - wider < other.End + wider && other.Start - wider < one.End + wider;

    /// <summary>Joins overlapping clips until none overlap; the parts are kept for the mean.</summary>
    private static List<ClipMatch> Or(List<ClipMatch> clips, double wider)
    {
        var clusters = clips.Select(clip => new List<ClipMatch> { clip }).ToList();
        for (var merged = true; merged;)
        {
            merged = false;
            for (var i = 0; i < clusters.Count && !merged; i++)
            {
                var near = clusters.FindIndex(i + 1, other => other.Any(one => clusters[i].Any(two => Overlap(one, two, wider))));
                if (near < 0)
                    continue;
                clusters[i].AddRange(clusters[near]);
                clusters.RemoveAt(near);
                merged = true;
            }
        }
        return [.. clusters.Select(Clips.Span)];
    }

    /// <summary>Of all combinations that overlap pairwise, returns the best one for each clip that begins last, and then the best one of
    /// equal spans.</summary>
    private static List<ClipMatch> And(List<List<ClipMatch>> parts, double wider)
    {
        var best = new List<ClipMatch>();
        foreach (var (last, own) in parts.SelectMany((clips, part) => clips.Select(clip => (clip, part))))
        {
            var fitting = Combinations(parts).Where(all => ReferenceEquals(all[own], last)
                && all.All(clip => clip.Start <= last.Start && all.All(other => Overlap(clip, other, wider)))).ToList();
            if (fitting.Count > 0)
                best.Add(Clips.Span(fitting.MaxBy(all => all.Sum(clip => clip.Score))!));
        }
        return [.. best.GroupBy(clip => (clip.Start, clip.End)).Select(same => same.MaxBy(clip => clip.Score)!)];
    }

    private static List<ClipMatch> Then(List<List<ClipMatch>> parts, double gap)
        => [.. parts[^1].Select(last => Combinations(parts).Where(all => ReferenceEquals(all[^1], last) && all.Zip(all.Skip(1)).All(pair =>
                pair.First.Start <= pair.Second.Start && (gap == 0 || pair.Second.Start - pair.First.End <= gap)))
            .OrderByDescending(all => all.Sum(clip => clip.Score)).FirstOrDefault()).OfType<List<ClipMatch>>().Select(Clips.Span)];

    private static IEnumerable<List<ClipMatch>> Combinations(List<List<ClipMatch>> parts)
        => parts.Aggregate<List<ClipMatch>, IEnumerable<List<ClipMatch>>>([[]],
            (all, clips) => all.SelectMany(chosen => clips.Select(clip => chosen.Append(clip).ToList())));
}
