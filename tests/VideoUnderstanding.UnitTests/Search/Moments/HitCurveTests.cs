using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.UnitTests.Search.Moments;

public sealed class HitCurveTests
{
    [Theory]
    [InlineData(20, 28, 10, 0.5, 56)]
    [InlineData(3, 5, 0, 0.5, 30)]
    [InlineData(40, 60, 20, 1, 60)]
    [InlineData(100, 800, 64, 16, 48)]
    public void The_window_adds_as_much_as_the_hit_within_10_to_30_seconds(double start, double end, double from, double step, int count)
        => Assert.Equal(new CurveWindow("v", from, step, count), CurveWindow.Around(new HitRange("v", start, end)));

    [Fact]
    public void A_window_contains_its_hit_and_has_between_half_of_the_steps_and_all()
    {
        for (var i = 0; i < 2_000; i++)
        {
            var (start, length) = (i * 7.3 % 5_000, 0.1 + i * i * 0.013);
            var window = CurveWindow.Around(new HitRange("v", start, start + length));
            Assert.InRange(window.Count, window.Step > 0.5 ? HitCurve.MaxSteps / 2 : 1, HitCurve.MaxSteps);
            Assert.True(window.From >= 0 && window.From <= Math.Max(0, start - 10));
            Assert.True(window.To >= start + length + 10);
        }
    }

    [Fact]
    public void Each_step_has_its_most_similar_frame_and_a_long_frame_is_in_many_steps()
    {
        var window = new CurveWindow("v", 10, 1, 6);
        CurveFrame[] frames = [
            new(2, 11.5, 0, 0.2), new(11.5, 11.6, 1, 0.9), new(11.6, 12, 1, 0.3), new(12, 14, 2, 0.5), new(15, 15, 3, 0.4),
            new(15.5, 90, 4, 0.1),
        ];
        Assert.Equal([0.2, 0.9, 0.5, 0.5, null, 0.4], window.BestOf(frames).Select(frame => frame?.Cosine));
    }

    [Fact]
    public void Sounds_count_where_they_score_more_and_unknown_steps_at_the_end_are_left_out()
    {
        var window = new CurveWindow("v", 10, 1, 8);
        var curve = HitCurve.Of(window, [1.236, null, 50, 60, null, null, null, null],
            [new Fragment("v", 12, 15, "visual", 55.556), new Fragment("v", 30, 40, "visual", 99), new Fragment("v", 2, 10, "visual", 99)]);
        Assert.Equal([1.24, null, 55.56, 60, 55.56], curve.Scores);
        Assert.Equal((10, 1), (curve.From, curve.Step));
        Assert.Empty(HitCurve.Of(window, new double?[8], []).Scores);
    }
}
