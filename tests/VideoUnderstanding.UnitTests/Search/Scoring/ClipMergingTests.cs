using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.UnitTests.Search.Scoring;

public sealed class ClipMergingTests
{
    private static readonly Fragment Shot = new("v1", 0, 60, "visual", 76);
    private static readonly Fragment Sentence = new("v1", 4.2, 7.9, "conversation", 88, "berth four");
    private static readonly Fragment Other = new("v1", 70.5, 73, "conversation", 60, "over");

    [Fact]
    public void Overlapping_fragments_of_two_options_become_one_clip_with_the_boundaries_of_the_better_one()
    {
        var clip = Merge(OptionOperator.Or, Shot, Sentence)[0];
        Assert.Equal((4.2, 7.9), (clip.Start, clip.End));
        Assert.Equal([new OptionMatch("conversation", 88, "berth four"), new OptionMatch("visual", 76, null)], clip.Matches);
        Assert.InRange(clip.Score, 88.01, 91);
    }

    [Fact]
    public void Or_keeps_clips_of_one_option_and_and_does_not()
    {
        Assert.Equal(2, Merge(OptionOperator.Or, Shot, Sentence, Other).Count);
        Assert.Equal(4.2, Assert.Single(Merge(OptionOperator.And, Shot, Sentence, Other)).Start);
    }

    [Fact]
    public void Every_sentence_during_one_shot_is_a_clip_that_includes_the_shot()
    {
        var second = Sentence with { Start = 20, End = 22, Score = 70 };
        Assert.Equal([4.2, 20], Merge(OptionOperator.And, Shot, Sentence, second).Select(clip => clip.Start));
    }

    [Fact]
    public void A_clip_scores_at_least_as_high_as_each_of_its_parts()
    {
        var shot = Shot with { Score = 90 };
        var weak = Sentence with { Start = 20, End = 22, Score = 12 };
        var clips = Merge(OptionOperator.Or, shot, Sentence with { Score = 95 }, weak);
        Assert.Equal([4.2, 20], clips.Select(clip => clip.Start));
        Assert.All(clips, clip => Assert.True(clip.Score >= clip.Matches.Max(match => match.Score), $"{clip}"));
        Assert.Equal(MatchLevel.High, MatchLevels.Of(clips[1].Score));
    }

    [Fact]
    public void Fragments_of_one_option_are_not_merged()
        => Assert.Equal(2, Merge(OptionOperator.Or, Sentence, Sentence with { Start = 5, End = 9 }).Count);

    [Fact]
    public void Adjacent_fragments_do_not_agree()
        => Assert.Equal(2, Merge(OptionOperator.Or, Sentence, Shot with { Start = 7, End = 40 }).Count);

    [Fact]
    public void Fragments_of_different_videos_stay_apart()
        => Assert.Equal(2, Merge(OptionOperator.Or, Sentence, Shot with { VideoId = "v2" }).Count);

    [Fact]
    public void Three_strong_options_exceed_one_hundred()
    {
        var clip = Assert.Single(Merge(OptionOperator.And, ["visual", "conversation", "text_in_video"],
            Shot with { Score = 98 }, Sentence with { Score = 90 }, Sentence with { Option = "text_in_video", Score = 92.28 }));
        Assert.InRange(clip.Score, 100.01, 103);
    }

    [Theory]
    [InlineData(82.5, 82.99)]
    [InlineData(72.9, 72.99)]
    [InlineData(39.5, 39.99)]
    [InlineData(83, 84.2)]
    public void Agreement_does_not_raise_a_clip_to_a_level_that_none_of_its_parts_has(double best, double merged)
        => Assert.Equal(merged, Merge(OptionOperator.Or, Shot with { Score = best }, Sentence with { Score = Math.Min(best, 60) })[0].Score,
            2);

    [Fact]
    public void And_returns_the_clips_of_or_with_every_option_sorted_by_score()
    {
        var random = new Random(5);
        string[] options = ["visual", "conversation", "text_in_video"];
        for (var round = 0; round < 300; round++)
        {
            var fragments = Enumerable.Range(0, random.Next(1, 40)).Select(_ =>
            {
                var start = Math.Round(random.NextDouble() * 50, 2);
                return new Fragment($"v{random.Next(3)}", start, start + random.NextDouble() * 10, options[random.Next(3)],
                    random.NextDouble() * 100);
            }).ToArray();
            var any = ClipMerging.Merge(fragments, OptionOperator.Or, options);
            var all = ClipMerging.Merge(fragments, OptionOperator.And, options);
            Assert.Equal(Keys(any.Where(clip => clip.Matches.Count == 3)), Keys(all));
            Assert.Equal(any.Select(clip => clip.Score).OrderDescending(), any.Select(clip => clip.Score));
            Assert.All(any, clip =>
            {
                Assert.Contains(fragments,
                    fragment => (fragment.VideoId, fragment.Start, fragment.End, fragment.Option)
                        == (clip.VideoId, clip.Start, clip.End, clip.Matches[0].Option));
                Assert.True(clip.Score >= clip.Matches.Max(match => match.Score));
                Assert.Equal(clip.Matches.Count, clip.Matches.DistinctBy(match => match.Option).Count());
            });
            // No fragment gets lost.
            var matches = any.SelectMany(clip => clip.Matches.Select(match => (clip.VideoId, match.Option, match.Score))).ToHashSet();
            Assert.All(fragments,
                fragment => Assert.Contains((fragment.VideoId, fragment.Option, MatchLevels.Round(fragment.Score)), matches));
        }
    }

    private static IEnumerable<(string, double, double, double)> Keys(IEnumerable<ClipMatch> clips)
        => clips.Select(clip => (clip.VideoId, clip.Start, clip.End, clip.Score));

    private static IReadOnlyList<ClipMatch> Merge(OptionOperator combine, params Fragment[] fragments)
        => Merge(combine, ["visual", "conversation"], fragments);

    private static IReadOnlyList<ClipMatch> Merge(OptionOperator combine, string[] options, params Fragment[] fragments)
        => ClipMerging.Merge(fragments, combine, options);
}
