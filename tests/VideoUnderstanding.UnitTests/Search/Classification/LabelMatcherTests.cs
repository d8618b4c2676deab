using VideoUnderstanding.Search.Classification;

namespace VideoUnderstanding.UnitTests.Search.Classification;

public sealed class LabelMatcherTests
{
    private static readonly ClassificationBounds Low = new(40);

    [Theory]
    [InlineData(30, true)]
    [InlineData(29.9, false)]
    public void A_label_needs_half_of_the_video(double end, bool reported)
        => Assert.Equal(reported, new LabelMatcher(Low, 0.5, null).Match("x", [Clip(0, end)], 60) is not null);

    [Fact]
    public void Inexact_sums_reach_the_share()
        => Assert.NotNull(new LabelMatcher(Low, 0.3, null).Match("x", [Clip(0, 0.1), Clip(0.1, 0.2), Clip(0.2, 0.3)], 1));

    [Fact]
    public void A_request_may_set_another_share()
    {
        Assert.NotNull(new LabelMatcher(Low with { Share = 0.1 }, 0.5, null).Match("x", [Clip(0, 6)], 60));
        Assert.Null(new LabelMatcher(Low with { Share = 0.9 }, 0.5, null).Match("x", [Clip(0, 40)], 60));
    }

    [Fact]
    public void Without_fragments_there_is_no_label_even_with_a_share_of_zero()
    {
        Assert.Null(new LabelMatcher(new(0), 0, null).Match("x", [], 60));
        Assert.Null(new LabelMatcher(new(0), 0, null).Match("x", [Clip(0, 5)], 0));
    }

    [Fact]
    public void The_best_score_counts_for_the_bound_of_the_label()
    {
        Assert.Null(new LabelMatcher(Low with { Label = 80 }, 0.5, null).Match("x", [Clip(0, 50, 79.99)], 60));
        Assert.Equal(80, new LabelMatcher(Low with { Label = 80 }, 0.5, null).Match("x", [Clip(0, 50, 60), Clip(0, 1, 80)], 60)?.MaxScore);
    }

    [Fact]
    public void Time_and_share_use_all_fragments_and_the_best_come_first()
    {
        var label = new LabelMatcher(Low, 0.5, 2).Match("x", [Clip(0, 20, 50), Clip(30, 40, 90), Clip(10, 30, 70), Clip(1, 2, 45)], 60);

        Assert.Equal((90, 40, 40 / 60.0), (label!.MaxScore, label.Duration, label.Share));
        Assert.Equal([90, 70], label.Clips!.Select(clip => clip.Score));
    }

    [Fact]
    public void Clips_are_returned_only_on_request()
        => Assert.Null(new LabelMatcher(Low, 0.5, null).Match("x", [Clip(0, 60)], 60)!.Clips);

    [Fact]
    public void Videos_are_sorted_by_their_best_label_and_those_without_are_left_out()
    {
        VideoLabels Video(string id, params double[] scores)
            => new(id, [.. scores.Select(score => new LabelMatch("x", score, 1, 1, null))]);

        var result = ClassificationResult.Of(new ClassificationQuery("i", null, [], Low), new(false, false),
            [Video("a"), Video("c", 70), Video("b", 90, 50), Video("d", 70, 60), Video("e")]);

        Assert.Equal(["b", "c", "d"], result.Items.Select(video => video.VideoId));
    }

    [Fact]
    public void Batches_hold_every_video_once_and_stay_small()
    {
        var query = new ClassificationQuery("i", null, [new LabelQuery("x", ["a", "b", "a"], ["visual", "conversation"])], Low);
        var plan = new ClassificationPlan(query,
            [.. Enumerable.Range(0, 1_300).Select(i => new PlannedVideo($"{i}", 60, i == 700 ? 3_000_000 : 1_000, 10))]);

        var batches = VideoClassification.Batches(plan).ToList();

        // Two different prompts with a thousand pictures and ten sentences each.
        Assert.Equal(1_299 * 2_020L + 6_000_020, plan.Comparisons);
        Assert.Equal(plan.Videos, batches.SelectMany(batch => batch));
        Assert.All(batches,
            batch
                => Assert.True(batch.Count is > 0 and <= 500
                    && (batch.Count == 1 || batch.Sum(video => 2 * (video.Frames + video.Segments)) <= 1_000_000)));
        Assert.InRange(batches.Count, 3, 6);
    }

    private static LabelClip Clip(double start, double end, double score = 50) => new(start, end, score, "visual", 0);
}
