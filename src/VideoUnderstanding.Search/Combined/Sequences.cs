namespace VideoUnderstanding.Search.Combined;

/// <summary>The operator THEN.</summary>
internal static class Sequences
{
    /// <summary>For each clip of the last part, returns the chain with the highest sum of scores that ends with it. Each clip of a chain
    /// starts at or after the start of the previous one and, if the adjacency is above 0, at most that many seconds after its
    /// end.</summary>
    /// <param name="parts">The clips of each part, ordered by start.</param>
    public static IReadOnlyList<ClipMatch> Then(IReadOnlyList<IReadOnlyList<ClipMatch>> parts, double adjacency)
    {
        var chains = parts[0].Select(clip => new Chain(null, clip, clip.Score)).ToList();
        foreach (var clips in parts.Skip(1))
            chains = Extend(chains, clips, adjacency > 0 ? adjacency : double.PositiveInfinity);
        return [.. chains.Select(chain => Clips.Span(chain.Clips())).OrderBy(clip => clip.Start)];
    }

    /// <param name="chains">Chains, ordered by the start of their last clip.</param>
    private static List<Chain> Extend(List<Chain> chains, IReadOnlyList<ClipMatch> clips, double gap)
    {
        // Ordered by score; of equal chains the later one first, which gives the shorter clip.
        var open = new PriorityQueue<Chain, (double, double)>();
        var next = 0;
        var longer = new List<Chain>();
        foreach (var clip in clips)
        {
            for (; next < chains.Count && chains[next].Last.Start <= clip.Start; next++)
                open.Enqueue(chains[next], (-chains[next].Total, -chains[next].Last.Start));
            while (open.TryPeek(out var best, out _) && clip.Start - best.Last.End > gap)
                open.Dequeue();
            if (open.TryPeek(out var before, out _))
                longer.Add(new Chain(before, clip, before.Total + clip.Score));
        }
        return longer;
    }

    /// <param name="Total">Sum of the scores.</param>
    private sealed record Chain(Chain? Before, ClipMatch Last, double Total)
    {
        public IReadOnlyList<ClipMatch> Clips()
        {
            var clips = new List<ClipMatch>();
            for (var chain = this; chain is not null; chain = chain.Before)
                clips.Insert(0, chain.Last);
            return clips;
        }
    }
}
