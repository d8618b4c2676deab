using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Operations.Evaluation.Metrics;
using VideoUnderstanding.Operations.Evaluation.Sets;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.UnitTests.Operations.Evaluation;

/// <summary>The expected figures are computed by hand in the comments.</summary>
public sealed class RankMetricsTests
{
    [Theory]
    [InlineData(0, 10, 1)] // the same
    [InlineData(5, 15, 1.0 / 3)] // 5 of 15
    [InlineData(2, 4, 0.2)] // 2 of 10
    [InlineData(10, 20, 0)] // touching
    [InlineData(30, 40, 0)]
    public void Iou_is_common_time_over_the_time_of_either(double start, double end, double expected)
    {
        Assert.Equal(expected, Judgement.Iou(new Answer("a", start, end, 50), new RightSpan("a", 0, 10)), 12);
        Assert.Equal(0, Judgement.Iou(new Answer("b", start, end, 50), new RightSpan("a", 0, 10)));
    }

    [Theory]
    [InlineData(5, 15, true)] // overlap 1/3
    [InlineData(6, 16, false)] // overlap 4/16, middle at 11
    [InlineData(2, 4, true)] // overlap 0.2, middle inside
    [InlineData(-5, 15, true)] // overlap 1/2
    [InlineData(-20, 30, false)] // overlap 1/5; its middle lies inside, but it is five times as long
    [InlineData(9, 12, false)] // overlap 1/12, middle at 10.5
    public void An_answer_is_right_with_enough_overlap_or_with_its_middle_inside(double start, double end, bool expected)
        => Assert.Equal(expected, Judgement.IsRight(Outcomes.Query(Outcomes.RightA), new Answer("a", start, end, 50)));

    [Fact]
    public void The_same_seconds_of_another_video_are_wrong()
        => Assert.False(Judgement.IsRight(Outcomes.Query(Outcomes.RightA), new Answer("b", 0, 10, 50)));

    [Fact]
    public void Recall_counts_queries_with_a_right_answer_among_the_first()
    {
        var (right, wrong) = (Outcomes.Scored(80, true), Outcomes.Scored(90, false));
        QueryOutcome[] outcomes =
        [
            Outcomes.Outcome(Outcomes.RightA, right),
            Outcomes.Outcome(Outcomes.RightA, wrong, wrong, right),
            Outcomes.Outcome(Outcomes.RightA, wrong, wrong, wrong, wrong, right, right),
            Outcomes.Outcome(Outcomes.RightA),
            // Absurd queries are ignored.
            Outcomes.Outcome([], wrong),
        ];

        Assert.Equal((0.25, 0.5, 0.75),
            (RankMetrics.RecallAt(outcomes, 1), RankMetrics.RecallAt(outcomes, 3), RankMetrics.RecallAt(outcomes, 5)));
        Assert.Null(RankMetrics.RecallAt([Outcomes.Outcome([], wrong)], 1));
    }

    [Fact]
    public void Overlap_and_boundaries_are_those_of_the_best_answer_and_span()
    {
        RightSpan[] two = [new("a", 0, 10), new("a", 20, 40)];
        QueryOutcome[] outcomes =
        [
            // Best pair: 21-43 with 20-40, overlap 19/23; start 1 s off, end 3 s off.
            Outcomes.Outcome(two, new Answer("a", 8, 12, 90), new Answer("a", 21, 43, 80)),
            // Overlap 1/2: start 0 s off, end 5 s off.
            Outcomes.Outcome(Outcomes.RightA, new Answer("a", 0, 5, 90)),
            // No overlap: 0, and no boundaries.
            Outcomes.Outcome(Outcomes.RightA, new Answer("b", 0, 10, 90)),
            // Exact, but only in sixth place: 0.
            Outcomes.Outcome(Outcomes.RightA, [.. Enumerable.Repeat(new Answer("b", 0, 10, 90), 5), new Answer("a", 0, 10, 50)]),
        ];

        Assert.Equal((19.0 / 23 + 0.5) / 4, RankMetrics.MeanIou(outcomes)!.Value, 12);
        Assert.Equal(0.5, RankMetrics.RightBoundaries(outcomes));
        Assert.Null(RankMetrics.RightBoundaries([outcomes[2]]));
    }

    [Fact]
    public void A_boundary_two_seconds_away_is_still_right()
        => Assert.Equal(0.5, RankMetrics.RightBoundaries([Outcomes.Outcome(Outcomes.RightA, new Answer("a", 2, 12.01, 90))]));
}

/// <summary>Shorthands for queries and answers.</summary>
internal static class Outcomes
{
    public static EvaluationQuery Query(params RightSpan[] right)
        => new("q", IndexOptions.Visual, ConversationMatching.Semantic, right, "by hand");

    public static QueryOutcome Outcome(RightSpan[] right, params Answer[] answers) => new(Query(right), answers);

    /// <summary>An answer of video "a" whose span is the right one of <see cref="RightA"/>, or far off.</summary>
    public static Answer Scored(double score, bool right) => right ? new Answer("a", 0, 10, score) : new Answer("b", 0, 10, score);

    public static RightSpan[] RightA { get; } = [new("a", 0, 10)];
}
