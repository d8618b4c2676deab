using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Combined;

/// <summary>The operators AND, OR and NOT as sweep-line algorithms over the clips of one video. Inputs and results are ordered by
/// start.</summary>
internal static class Joins
{
    /// <summary>At the start of each clip, if every other part has an active clip, joins it with the best active clip of each part. The
    /// result spans all of them.</summary>
    /// <remarks>The intersection of overlapping clips begins at the start of the last one, so there are at most as many results as
    /// clips.</remarks>
    public static IReadOnlyList<ClipMatch> And(IReadOnlyList<IReadOnlyList<ClipMatch>> parts, double adjacency)
    {
        var active = parts.Select(_ => new ActiveClips()).ToArray();
        var starts = parts.SelectMany((clips, part) => clips.Select(clip => (Clip: clip, Part: part))).OrderBy(start => start.Clip.Start)
            .ToList();
        var joined = new List<ClipMatch>();
        for (var first = 0; first < starts.Count;)
        {
            // Clips with the same start are all added before any of them is joined.
            var last = first;
            while (last < starts.Count && starts[last].Clip.Start == starts[first].Clip.Start)
            {
                active[starts[last].Part].Add(starts[last].Clip, starts[last].Clip.Score, starts[last].Clip.End + adjacency);
                last++;
            }
            var now = starts[first].Clip.Start - adjacency;
            for (; first < last; first++)
            {
                var (clip, own) = starts[first];
                var chosen = active.Select((best, part) => part == own ? clip : best.At(now)).ToList();
                if (chosen.All(found => found is not null))
                    joined.Add(Clips.Span(chosen!));
            }
        }
        return Distinct(joined);
    }

    /// <summary>Returns all clips; overlapping clips are merged.</summary>
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

    /// <summary>Returns the clips of the origin that overlap no clip of <paramref name="sub"/>.</summary>
    public static IReadOnlyList<ClipMatch> Not(IReadOnlyList<ClipMatch> origin, IReadOnlyList<ClipMatch> sub, double adjacency)
    {
        var excluded = Or([sub], adjacency);
        var next = 0;
        var kept = new List<ClipMatch>();
        foreach (var clip in origin)
        {
            // Merged clips are disjoint and ordered, so those that end before this clip also end before all later clips.
            while (next < excluded.Count && excluded[next].End + adjacency <= clip.Start - adjacency)
                next++;
            if (next == excluded.Count || excluded[next].Start - adjacency >= clip.End + adjacency)
                kept.Add(clip);
        }
        return kept;
    }

    /// <summary>Keeps the best of several clips with equal boundaries.</summary>
    private static List<ClipMatch> Distinct(List<ClipMatch> clips)
        => [.. clips.GroupBy(clip => (clip.Start, clip.End)).Select(same => same.MaxBy(clip => clip.Score)!).OrderBy(clip => clip.Start)];

    /// <summary>The active clips of one part, ordered by score. Ended clips are removed when they reach the top of the queue.</summary>
    private sealed class ActiveClips
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

/// <summary>Builds a clip from other clips of the same video.</summary>
internal static class Clips
{
    /// <summary>Returns a clip from the first start to the last end, with the mean score and the distinct matches of all parts.</summary>
    public static ClipMatch Span(IReadOnlyList<ClipMatch> parts) => parts.Count == 1
        ? parts[0]
        : new ClipMatch(
            parts[0].VideoId,
            parts.Min(part => part.Start),
            parts.Max(part => part.End),
            MatchLevels.Round(parts.Average(part => part.Score)),
            [.. parts.SelectMany(part => part.Matches).DistinctBy(match => (match.Option, match.Text))]);
}
