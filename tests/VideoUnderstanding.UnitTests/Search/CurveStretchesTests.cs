using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.UnitTests.Search;

public sealed class CurveStretchesTests
{
    [Theory]
    [InlineData(CurveStretches.WholeSeconds)]
    [InlineData(0)]
    public void All_frames_of_a_short_video_or_one_of_unknown_duration_are_read(double duration)
    {
        var stretch = Assert.Single(CurveStretches.Of(new NearVideo("v", duration, [5])));
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity, int.MaxValue), (stretch.From, stretch.To, stretch.Most));
    }

    [Fact]
    public void A_video_without_known_hits_is_read_whole()
        => Assert.Equal(int.MaxValue, Assert.Single(CurveStretches.Of(new NearVideo("v", 7_200, []))).Most);

    [Fact]
    public void The_ranges_of_a_long_video_cover_it_once_in_order_of_time()
    {
        var stretches = CurveStretches.Of(new NearVideo("v", 3_600, [1_000, 5, 1_020, 3_590])).ToList();
        Assert.Equal(0, stretches[0].From);
        Assert.True(stretches[^1].To >= 3_600);
        Assert.All(stretches.Zip(stretches.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From, 9));
        Assert.All(stretches, stretch => Assert.True(stretch.From < stretch.To));
    }

    [Fact]
    public void All_frames_around_hits_are_read_and_samples_elsewhere()
    {
        var stretches = CurveStretches.Of(new NearVideo("v", 3_600, [1_000, 1_020])).ToList();
        bool IsWhole(double time) => stretches.Single(stretch => stretch.From <= time && time < stretch.To).Most > 1;
        Assert.True(IsWhole(1_000 - CurveStretches.Around) && IsWhole(1_010) && IsWhole(1_019 + CurveStretches.Around));
        Assert.False(IsWhole(999 - CurveStretches.Around) || IsWhole(1_021 + CurveStretches.Around) || IsWhole(0) || IsWhole(3_599));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(7_200)]
    [InlineData(360_000)]
    public void The_number_of_samples_does_not_grow_with_the_video(double duration)
    {
        var samples = CurveStretches.Of(new NearVideo("v", duration, [50])).Where(stretch => stretch.Most == 1).ToList();
        Assert.InRange(samples.Count, 1, CurveStretches.Samples + 2);
        Assert.All(samples, sample => Assert.True(sample.To - sample.From <= Math.Max(CurveStretches.SampleSeconds,
            duration / CurveStretches.Samples) + 1e-6));
    }
}
