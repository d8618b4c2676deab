using VideoUnderstanding.Operations.Evaluation.Metrics;
using VideoUnderstanding.Operations.Evaluation.Pooling;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.UnitTests.Operations.Evaluation;

public sealed class BestFramesTests
{
    private static readonly FrameTrack[] Tracks =
    [
        new("a", [Frame(0, 0.2f), Frame(4, 0.9f), Frame(8, 0.5f)]),
        new("b", [Frame(0, 0.8f, 0.2), Frame(2, 0.7f)]),
    ];

    [Fact]
    public void Each_video_gives_its_best_frame_and_the_best_video_comes_first()
    {
        var ranked = BestFrames.Rank(Tracks, 1, frame => frame.Vector[0]);

        Assert.Equal([("a", 4.5, 4.5), ("b", 0.1, 0.1)], ranked.Select(answer => (answer.File, answer.Start, answer.End)));
    }

    [Theory]
    [InlineData(3, 6, 1)]
    [InlineData(6, 9, 0)]
    public void A_frame_is_right_when_its_time_lies_in_a_right_span(double start, double end, double expected)
    {
        var figures = BestFrames.Figures("best frame",
            [new QueryOutcome(Outcomes.Query(new RightSpan("a", start, end)), BestFrames.Rank(Tracks, 1, frame => frame.Vector[0]))]);

        Assert.Equal((expected, null, null), (figures.RecallAt1, figures.MeanIou, figures.RightBoundaries));
    }

    private static StoredFrame Frame(double start, float evidence, double length = 3) => new(start, start + length, 0, [evidence]);
}
