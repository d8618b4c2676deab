namespace VideoUnderstanding.Search.Combined;

/// <summary>The operators that look at one time, as sweeps over the clips of one video. Clips come and go in order of start.</summary>
internal static class Joins
{
    /// <summary>Where a clip begins while every other part has a clip running, they become one: the best running clip of each part, and the
    /// span of all.</summary>
    /// <remarks>Whatever overlaps has a common time, and the common time begins with the last clip to begin; so there are as many results
    /// as clips at most.</remarks>
    public static IReadOnlyList<ClipMatch> And(IReadOnlyList<IReadOnlyList<ClipMatch>> parts, double adjacency)
    {
        var running = parts.Select(_ => new RunningBest()).ToArray();
        var starts = parts.SelectMany((clips, part) => clips.Select(clip => (Clip: clip, Part: part))).OrderBy(start => start.Clip.Start)
            .ToList();
        var joined = new List<ClipMatch>();
        for (var first = 0; first < starts.Count;)
        {
            // Clips that begin together all run before any of them looks for partners.
            var last = first;
            while (last < starts.Count && starts[last].Clip.Start == starts[first].Clip.Start)
            {
                running[starts[last].Part].Add(starts[last].Clip, starts[last].Clip.Score, starts[last].Clip.End + adjacency);
                last++;
            }
            var now = starts[first].Clip.Start - adjacency;
            for (; first < last; first++)
            {
                var (clip, own) = starts[first];
                var chosen = running.Select((best, part) => part == own ? clip : best.At(now)).ToList();
                if (chosen.All(found => found is not null))
                    joined.Add(Clips.Span(chosen!));
            }
        }
        return Distinct(joined);
    }

    /// <summary>All clips; those that overlap are one.</summary>
    public static IReadOnlyList<ClipMatch> Or(IReadOnlyList<IReadOnlyList<ClipMatch>> parts, double adjacency)
    {
        var joined = new List<ClipMatch>();
        var cluster = new List<ClipMatch>();
        var end = double.MinValue;
        foreach (var clip in parts.SelectMany(clips => clips).OrderBy(clip => clip.Start))
        {
            if (cluster.Count > 0 && clip.Start - adjacency >= end + adjacency)
            {
                joined.Add(Clips.Span(cluster));
                cluster = [];
                end = double.MinValue;
            }
            cluster.Add(clip);
            end = Math.Max(end, clip.End);
        }
        if (cluster.Count > 0)
            joined.Add(Clips.Span(cluster));
        return joined;
    }

    /// <summary>The clips of the origin that overlap no clip of the other.</summary>
    public static IReadOnlyList<ClipMatch> Not(IReadOnlyList<ClipMatch> origin, IReadOnlyList<ClipMatch> sub, double adjacency)
    {
        var forbidden = Or([sub], adjacency);
        var next = 0;
        var kept = new List<ClipMatch>();
        foreach (var clip in origin)
        {
            // Joined clips lie apart in order of time, so those behind an early clip are behind all later ones.
            while (next < forbidden.Count && forbidden[next].End + adjacency <= clip.Start - adjacency)
                next++;
            if (next == forbidden.Count || forbidden[next].Start - adjacency >= clip.End + adjacency)
                kept.Add(clip);
        }
        return kept;
    }

    /// <summary>Of equal stretches the best stays.</summary>
    private static List<ClipMatch> Distinct(List<ClipMatch> clips)
        => [.. clips.GroupBy(clip => (clip.Start, clip.End)).Select(same => same.MaxBy(clip => clip.Score)!).OrderBy(clip => clip.Start)];

    /// <summary>The clips of one part that run, the best on top. Clips that have ended are thrown away when they come up.</summary>
    private sealed class RunningBest
    {
        private readonly PriorityQueue<(ClipMatch Clip, double End), double> _queue = new();

        public void Add(ClipMatch clip, double score, double end) => _queue.Enqueue((clip, end), -score);

        public ClipMatch? At(double time)
        {
            while (_queue.TryPeek(out var top, out _) && top.End <= time)
                _queue.Dequeue();
            return _queue.TryPeek(out var best, out _) ? best.Clip : null;
        }
    }
}
