using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Combined;

namespace VideoUnderstanding.UnitTests.Search.Combined;

public sealed class CombinedEvaluationTests
{
    private static readonly TextQuery A = new("a", ["visual"]), B = new("b", ["visual"]), C = new("c", ["visual"]);

    [Fact]
    public void And_spans_overlapping_clips_and_returns_the_mean_score()
    {
        var clip = Assert.Single(Evaluate(Join(JoinKind.And, 0, A, B), (A, [Clip(0, 10, 80)]), (B, [Clip(8, 15, 60), Clip(20, 25, 90)])));
        Assert.Equal((0, 15, 70), (clip.Start, clip.End, clip.Score));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public void Adjacency_widens_both_ends_of_every_part(double adjacency, int hits)
    {
        // The gap is five seconds. Twice the adjacency must be greater.
        var found = Evaluate(Join(JoinKind.And, adjacency, A, B), (A, [Clip(0, 10, 80)]), (B, [Clip(15, 20, 60)]));
        Assert.Equal(hits, found.Count);
        Assert.All(found, clip => Assert.Equal((0, 20), (clip.Start, clip.End)));
    }

    [Fact]
    public void Or_merges_overlapping_clips()
        => Assert.Equal([(0, 15), (20, 25)],
            Evaluate(Join(JoinKind.Or, 0, A, B), (A, [Clip(0, 10, 80)]), (B, [Clip(8, 15, 60), Clip(20, 25, 50)]))
                .Select(clip => ((int)clip.Start, (int)clip.End)));

    [Fact]
    public void Weaker_clips_are_used_only_where_no_match_overlaps()
        => Assert.Equal([(0, 10, 80), (10, 20, 30)],
            CombinedEvaluation.Fill([Clip(0, 10, 80)], [Clip(5, 60, 20), Clip(10, 20, 30), Clip(0, 10, 80)])
                .Select(clip => (clip.Start, clip.End, clip.Score)));

    [Fact]
    public void Texts_in_the_sub_of_a_not_exclude_clips()
        => Assert.Equal([B, C],
            new JoinQuery(JoinKind.Or,
                [new LeafQuery(A), new NotQuery(new LeafQuery(A), new NotQuery(new LeafQuery(B), new LeafQuery(C), 0), 0)], 0).Excluded());

    [Fact]
    public void Not_drops_clips_that_overlap_the_excluded_ones()
        => Assert.Equal(20,
            Assert.Single(
                Evaluate(new NotQuery(new LeafQuery(A), new LeafQuery(B), 0), (A, [Clip(0, 10, 80), Clip(20, 30, 70)]),
                    (B, [Clip(5, 6, 60)]))).Start);

    [Fact]
    public void Then_finds_a_sequence_across_the_whole_video_and_only_in_order()
    {
        (TextQuery, ClipMatch[])[] leaves = [(A, [Clip(0, 10, 80)]), (B, [Clip(3000, 3010, 60)])];
        Assert.Equal((0, 3010), Assert.Single(Evaluate(Join(JoinKind.Then, 0, A, B), leaves).Select(clip => (clip.Start, clip.End))));
        Assert.Empty(Evaluate(Join(JoinKind.Then, 0, B, A), leaves));
        Assert.Empty(Evaluate(Join(JoinKind.Then, 100, A, B), leaves));
    }

    [Fact]
    public void Clips_of_different_videos_are_never_joined()
        => Assert.Empty(Evaluate(Join(JoinKind.And, 0, A, B), (A, [Clip(0, 10, 80)]), (B, [Clip(0, 10, 80) with { VideoId = "other" }])));

    [Fact]
    public void The_metadata_of_all_parts_is_united()
    {
        var spoken = new ClipMatch("v", 2, 4, 90, [new OptionMatch("conversation", 90, "berth four")]);
        var clip = Assert.Single(Evaluate(Join(JoinKind.And, 0, A, B), (A, [Clip(0, 10, 80)]), (B, [spoken])));
        Assert.Equal(["visual", "conversation"], clip.Matches.Select(match => match.Option));
    }

    [Fact]
    public void Every_query_equals_the_exhaustive_evaluation()
    {
        var random = new Random(17);
        for (var round = 0; round < 3000; round++)
        {
            Dictionary<TextQuery, ClipMatch[]> leaves = new()
            {
                [A] = RandomClips(random), [B] = RandomClips(random), [C] = RandomClips(random),
            };
            var query = RandomQuery(random, 0);
            var found = Evaluate(query, [.. leaves.Select(leaf => (leaf.Key, leaf.Value))])
                .Select(clip => (clip.Start, clip.End, clip.Score)).Order().ToList();
            var expected = NaiveEvaluation.Evaluate(query, leaf => leaves[leaf]);
            Assert.Equal(expected.Select(clip => (clip.Start, clip.End)), found.Select(clip => (clip.Start, clip.End)));
            // A different order of sums may round to the neighbouring hundredth, at each level again.
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 0.03));
        }
    }

    private static CombinedQuery RandomQuery(Random random, int level)
    {
        if (level == 2 || random.Next(3) == 0)
            return new LeafQuery(random.Next(3) switch { 0 => A, 1 => B, _ => C });
        var adjacency = random.Next(3) * 1.5;
        return random.Next(4) == 3
            ? new NotQuery(RandomQuery(random, level + 1), RandomQuery(random, level + 1), adjacency)
            // Two parts at the inner level, so that the exhaustive evaluation ends.
            : new JoinQuery((JoinKind)random.Next(3),
                [.. Enumerable.Range(0, random.Next(1, level == 0 ? 4 : 3)).Select(_ => RandomQuery(random, level + 1))], adjacency);
    }

    /// <summary>Scores of any size, so that there is one best answer; starts and ends often coincide.</summary>
    private static ClipMatch[] RandomClips(Random random) => [.. Enumerable.Range(0, random.Next(0, 5)).Select(_ =>
    {
        var start = random.Next(0, 30);
        return Clip(start, start + random.Next(1, 8), Math.Round(random.NextDouble() * 100, 2));
    }).OrderBy(clip => clip.Start)];

    private static ClipMatch Clip(double start, double end, double score)
        => new("v", start, end, score, [new OptionMatch("visual", score, null)]);

    private static JoinQuery Join(JoinKind kind, double adjacency, params TextQuery[] parts)
        => new(kind, [.. parts.Select(part => new LeafQuery(part))], adjacency);

    private static IReadOnlyList<ClipMatch> Evaluate(CombinedQuery query, params (TextQuery Leaf, ClipMatch[] Clips)[] leaves)
        => CombinedEvaluation.Evaluate(query, leaves.ToDictionary(leaf => leaf.Leaf, leaf => (IReadOnlyList<ClipMatch>)leaf.Clips));
}
