using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Operations.Evaluation.Metrics;

namespace VideoUnderstanding.UnitTests.Operations.Evaluation;

public sealed class ConfidenceMetricsTests
{
    [Fact]
    public void Answers_are_divided_into_ten_bins_of_equal_size_by_score()
    {
        // Scores 5, 10, ... 100; right from 55 on.
        var outcome = Outcomes.Outcome(Outcomes.RightA, [.. Enumerable.Range(1, 20).Select(i => Outcomes.Scored(5 * i, i > 10)).Reverse()]);

        var bins = ConfidenceMetrics.Reliability([outcome]);

        Assert.Equal(Enumerable.Repeat(2, 10), bins.Select(bin => bin.Answers));
        // The n-th bin holds 10n-5 and 10n: mean 10n-2.5.
        Assert.Equal(Enumerable.Range(1, 10).Select(n => (10 * n - 2.5) / 100), bins.Select(bin => Math.Round(bin.MeanScore, 6)));
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], bins.Select(bin => bin.RightShare));
        // Below: 7.5 to 47.5, mean 27.5 too high; above: 57.5 to 97.5, mean 22.5 too low.
        Assert.Equal(0.25, ConfidenceMetrics.Error(bins)!.Value, 12);
    }

    [Fact]
    public void Bins_are_weighted_by_their_answers()
    {
        // Eleven answers: one bin of two. All scores 80; nine of eleven are right.
        var outcome = Outcomes.Outcome(Outcomes.RightA, [.. Enumerable.Range(0, 11).Select(i => Outcomes.Scored(80, i < 9))]);

        var bins = ConfidenceMetrics.Reliability([outcome]);

        Assert.Equal(11, bins.Sum(bin => bin.Answers));
        Assert.Equal(10, bins.Count);
        // Equal scores: the wrong ones are counted first. Two bins of one wrong (0.8 off each), the other nine right ones 0.2 off.
        Assert.Equal((2 * 0.8 + 9 * 0.2) / 11, ConfidenceMetrics.Error(bins)!.Value, 12);
    }

    [Fact]
    public void Few_answers_make_few_bins_and_none_make_no_error()
    {
        Assert.Equal(3,
            ConfidenceMetrics.Reliability(
                [Outcomes.Outcome(Outcomes.RightA, Outcomes.Scored(90, true), Outcomes.Scored(60, true),
                    Outcomes.Scored(50, false))]).Count);
        Assert.Null(ConfidenceMetrics.Error(ConfidenceMetrics.Reliability([Outcomes.Outcome(Outcomes.RightA)])));
    }

    [Fact]
    public void A_score_above_100_counts_as_100()
        => Assert.Equal(1,
            Assert.Single(ConfidenceMetrics.Reliability([Outcomes.Outcome(Outcomes.RightA, Outcomes.Scored(103, true))])).MeanScore);

    [Fact]
    public void Precision_is_compared_with_the_required_precision()
    {
        // 83 and more is high, 73 medium, 40 low.
        var outcome = Outcomes.Outcome(Outcomes.RightA, Outcomes.Scored(90, true), Outcomes.Scored(83, false), Outcomes.Scored(82.99, true),
            Outcomes.Scored(50, false), Outcomes.Scored(39, true));

        var levels = ConfidenceMetrics.Precision([outcome]);

        Assert.Equal(
            [new LevelPrecision(MatchLevel.High, 0.9, 2, 1), new LevelPrecision(MatchLevel.Medium, 0.7, 1, 1),
                new LevelPrecision(MatchLevel.Low, 0.4, 1, 0)], levels);
        Assert.Equal([0.5, 1, 0], levels.Select(level => level.Precision));
        Assert.Null(new LevelPrecision(MatchLevel.High, 0.9, 0, 0).Precision);
    }

    [Fact]
    public void Absurd_queries_answered_with_high_are_counted()
    {
        QueryOutcome[] outcomes =
        [
            Outcomes.Outcome([], Outcomes.Scored(60, false), Outcomes.Scored(85, false)), Outcomes.Outcome([], Outcomes.Scored(82, false)),
            Outcomes.Outcome([]),
            Outcomes.Outcome(Outcomes.RightA, Outcomes.Scored(95, false)),
        ];

        var figures = GroupFigures.Compute("visual", outcomes);

        Assert.Equal((1, 3, 1, 2), (figures.Queries, figures.Absurd, figures.AbsurdWithHigh, figures.AbsurdAnswered));
        Assert.Equal(0, figures.RecallAt5);
        Assert.Equal(new QueryFigures("q", false, 1, null, 0, 95), figures.Each[3]);
    }
}
