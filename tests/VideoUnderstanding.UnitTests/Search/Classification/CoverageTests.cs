using VideoUnderstanding.Search.Classification;

namespace VideoUnderstanding.UnitTests.Search.Classification;

public sealed class CoverageTests
{
    [Fact]
    public void No_fragments_cover_nothing() => Assert.Equal(0, Coverage.Of([], 60));

    [Fact]
    public void Time_that_several_intervals_cover_counts_once()
        => Assert.Equal(10 + 15, Coverage.Of([(20, 30), (0, 10), (25, 35), (2, 8), (20, 30)], 60));

    [Fact]
    public void Intervals_that_touch_are_one() => Assert.Equal(20, Coverage.Of([(10, 20), (0, 10)], 60));

    [Fact]
    public void Time_after_the_end_of_the_video_does_not_count() => Assert.Equal(5, Coverage.Of([(55, 70), (61, 80)], 60));

    [Fact]
    public void Coverage_equals_a_count_of_seconds()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var stretches = Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(50))
                .Select(start => ((double)start, (double)(start + random.Next(1, 20)))).ToList();
            var counted = Enumerable.Range(0, 40)
                .Count(second => stretches.Any(stretch => stretch.Item1 <= second && second < stretch.Item2));
            Assert.Equal(counted, Coverage.Of(stretches, 40), 9);
        }
    }
}
