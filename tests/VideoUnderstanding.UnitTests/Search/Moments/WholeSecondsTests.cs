using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.UnitTests.Search.Moments;

public sealed class WholeSecondsTests
{
    [Fact]
    public void Boundaries_move_to_the_nearest_second_inside_the_video()
    {
        var rounded = WholeSeconds.Of([Moment(3.4, 7.6, 0.2), Moment(808.2, 810.84, 0.3)], 810.84);
        Assert.Equal([(3, 8), (808, 810)], rounded.Select(moment => ((int)moment.Start, (int)moment.End)));
    }

    [Fact]
    public void A_moment_shorter_than_a_second_becomes_a_second()
    {
        var rounded = Assert.Single(WholeSeconds.Of([Moment(5.6, 5.9, 0.2)], 20));
        Assert.Equal((6, 7), (rounded.Start, rounded.End));
    }

    [Fact]
    public void Of_moments_in_one_second_the_more_similar_one_is_kept()
        => Assert.Equal(0.3, Assert.Single(WholeSeconds.Of([Moment(5.6, 5.8, 0.2), Moment(5.8, 6.1, 0.3)], 20)).Similarity);

    [Fact]
    public void A_better_moment_at_the_end_shortens_a_long_one()
    {
        var rounded = WholeSeconds.Of([Moment(0, 9.8, 0.2), Moment(9.8, 10.4, 0.3)], 10.4);
        Assert.Equal([(0, 9), (9, 10)], rounded.Select(moment => ((int)moment.Start, (int)moment.End)));
    }

    [Fact]
    public void Rounded_moments_are_whole_seconds_sorted_and_disjoint()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var frames = Curves.Random(seed);
            var duration = frames[^1].End;
            var rounded = WholeSeconds.Of(MomentFinder.Find(frames, 0.2), duration);
            Assert.NotEmpty(rounded);
            Assert.All(rounded, moment =>
            {
                Assert.Equal((Math.Floor(moment.Start), Math.Floor(moment.End)), (moment.Start, moment.End));
                Assert.True(moment.Start >= 0 && moment.End > moment.Start && moment.End <= Math.Max(1, duration),
                    $"seed {seed}: {moment} of {duration}");
            });
            Assert.All(rounded.Zip(rounded.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start, $"seed {seed}: {pair}"));
        }
    }

    private static Moment Moment(double start, double end, double similarity)
        => new(start, end, new CurveFrame(start, end, 0, similarity), [new BestFrame(new CurveFrame(start, end, 0, similarity), 1)]);
}
