namespace VideoUnderstanding.Search.Combined;

/// <summary>Evaluates the operators of a combined query on the clips of its texts, separately for each video.</summary>
public static class CombinedEvaluation
{
    /// <param name="leaves">The clips of each text, compared by reference.</param>
    /// <returns>The best clip first.</returns>
    public static IReadOnlyList<ClipMatch> Evaluate(CombinedQuery query, IReadOnlyDictionary<TextQuery, IReadOnlyList<ClipMatch>> leaves)
    {
        var videos = leaves.Values.SelectMany(clips => clips).Select(clip => clip.VideoId).Distinct();
        var byVideo = leaves.ToDictionary(leaf => leaf.Key, leaf => leaf.Value.ToLookup(clip => clip.VideoId),
            (IEqualityComparer<TextQuery>)ReferenceEqualityComparer.Instance);
        return Ordered(videos.SelectMany(video => OfVideo(query, leaf => [.. byVideo[leaf][video].OrderBy(clip => clip.Start)])));
    }

    /// <summary>Adds clips of non-matching parts where they overlap no match. Merging them into a match would lower its score and change
    /// its boundaries.</summary>
    /// <returns>The best clip first.</returns>
    public static IReadOnlyList<ClipMatch> Fill(IReadOnlyList<ClipMatch> matches, IReadOnlyList<ClipMatch> everything)
    {
        var taken = matches.ToLookup(clip => clip.VideoId);
        return Ordered(
            matches.Concat(everything.Where(clip => !taken[clip.VideoId].Any(match => match.Start < clip.End && clip.Start < match.End))));
    }

    private static IReadOnlyList<ClipMatch> Ordered(IEnumerable<ClipMatch> clips)
        => [.. clips.OrderByDescending(clip => clip.Score).ThenBy(clip => clip.VideoId, StringComparer.Ordinal).ThenBy(clip => clip.Start)
            .ThenBy(clip => clip.End)];

    /// <returns>In order of start.</returns>
    private static IReadOnlyList<ClipMatch> OfVideo(CombinedQuery query, Func<TextQuery, IReadOnlyList<ClipMatch>> leaf) => query switch
    {
        LeafQuery text => leaf(text.Query),
        NotQuery not => Joins.Not(OfVideo(not.Origin, leaf), OfVideo(not.Sub, leaf), not.Adjacency),
        JoinQuery join => Join(join, [.. join.Parts.Select(part => OfVideo(part, leaf))]),
        _ => throw new ArgumentOutOfRangeException(nameof(query), query, null),
    };

    private static IReadOnlyList<ClipMatch> Join(JoinQuery join, IReadOnlyList<IReadOnlyList<ClipMatch>> parts) => join.Kind switch
    {
        JoinKind.And => Joins.And(parts, join.Adjacency),
        JoinKind.Or => Joins.Or(parts, join.Adjacency),
        JoinKind.Then => Sequences.Then(parts, join.Adjacency),
        _ => throw new ArgumentOutOfRangeException(nameof(join), join.Kind, null),
    };
}
