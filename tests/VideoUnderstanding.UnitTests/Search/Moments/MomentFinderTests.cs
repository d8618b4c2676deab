using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.UnitTests.Search.Moments;

public sealed class MomentFinderTests
{
    private const double Background = 0.16;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(60)]
    [InlineData(150)]
    [InlineData(250)]
    public void A_moment_has_the_length_of_its_appearance(int seconds)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var frames = Curves.Of(seed, 0.008, (40, 0.17, 0), (seconds, 0.30, 1), (300 - seconds, 0.17, 2));
            var best = Best(frames, Background);
            Assert.InRange(best.Start, 39, 41);
            Assert.InRange(best.End, 39 + seconds, 41 + seconds);
        }
    }

    [Fact]
    public void Two_appearances_are_two_moments()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var frames = Curves.Of(seed, 0.008, (20, 0.17, 0), (10, 0.30, 1), (5, 0.17, 2), (10, 0.29, 3), (30, 0.17, 4));
            var found = Strong(frames, Background, 0.25);
            Assert.Equal([(20, 30), (35, 45)], found);
        }
    }

    [Fact]
    public void Identical_neighbours_are_one_moment()
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal([(20, 40)],
                Strong(Curves.Of(seed, 0.006, (20, 0.17, 0), (10, 0.30, 1), (10, 0.30, 2), (60, 0.17, 3)), Background, 0.25));
    }

    [Fact]
    public void A_short_and_a_long_appearance_in_one_video_both_keep_their_length()
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal([(30, 33), (53, 143)],
                Strong(Curves.Of(seed, 0.006, (30, 0.17, 0), (3, 0.30, 1), (20, 0.17, 2), (90, 0.30, 3), (200, 0.17, 4)), Background,
                    0.25));
    }

    [Fact]
    public void A_blurred_frame_does_not_split_a_moment()
    {
        var frames = Curves.Of(1, 0.005, (20, 0.17, 0), (20, 0.30, 1), (30, 0.17, 2));
        frames[29] = frames[29] with { Cosine = 0.18 };
        Assert.Equal([(20, 40)], Strong(frames, Background, 0.25));
    }

    [Fact]
    public void A_video_that_fits_as_a_whole_is_one_moment()
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal([(0, 90)], Strong(Curves.Of(seed, 0.01, (90, 0.29, 0)), Background, 0));
    }

    [Fact]
    public void A_video_without_a_peak_is_one_moment()
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.Single(MomentFinder.Find(Curves.Of(seed, 0.01, (600, 0.16, 0)), Background));
    }

    [Fact]
    public void In_a_video_close_to_the_query_the_better_part_is_found()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var frames = Curves.Of(seed, 0.006, (60, 0.24, 0), (15, 0.31, 1), (60, 0.24, 2));
            var best = Best(frames, Background);
            Assert.InRange(best.Start, 59, 61);
            Assert.InRange(best.End, 74, 76);
        }
    }

    [Fact]
    public void The_only_video_of_an_index_is_cut_by_its_own_levels()
    {
        // The background of the index is then the median of this video, which is inside the moment.
        var frames = Curves.Of(3, 0.008, (30, 0.17, 0), (50, 0.30, 1));
        var best = Best(frames, 0.29);
        Assert.Equal((30, 80), (best.Start, best.End));
    }

    [Fact]
    public void A_boundary_close_to_a_cut_moves_to_the_cut()
    {
        // The first frame of the shot fades in and does not show the subject yet.
        var frames = Curves.Of(5, 0.004, (20, 0.17, 0), (1, 0.17, 1), (14, 0.30, 1), (1, 0.18, 1), (30, 0.17, 2));
        var best = Best(frames, Background);
        Assert.Equal((20, 36), (best.Start, best.End));
    }

    [Fact]
    public void No_frames_give_no_moment() => Assert.Empty(MomentFinder.Find([], Background));

    [Fact]
    public void Moments_are_sorted_disjoint_inside_the_video_and_contain_their_peak()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var frames = Curves.Random(seed);
            var moments = MomentFinder.Find(frames, 0.1 + seed % 20 * 0.01);
            Assert.InRange(moments.Count, 1, MomentShape.Default.MaxMoments);
            Assert.All(moments, moment =>
            {
                Assert.InRange(moment.Start, frames[0].Start, moment.Peak.Start);
                Assert.InRange(moment.End, moment.Peak.End, frames[^1].End);
                var inside = frames.Where(frame => frame.Start >= moment.Start && frame.End <= moment.End).Select(frame => frame.Cosine)
                    .ToList();
                Assert.InRange(moment.Similarity, inside.Min() - 1e-9, inside.Max() + 1e-9);
            });
            Assert.All(moments.Zip(moments.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        }
    }

    [Fact]
    public void A_shift_of_all_similarities_moves_scores_but_no_boundary()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var frames = Curves.Random(seed);
            var plain = MomentFinder.Find(frames, 0.15);
            var shifted = MomentFinder.Find([.. frames.Select(frame => frame with { Cosine = frame.Cosine + 0.25 })], 0.40);
            Assert.Equal(plain.Select(moment => (moment.Start, moment.End)), shifted.Select(moment => (moment.Start, moment.End)));
            Assert.All(plain.Zip(shifted), pair => Assert.Equal(pair.First.Similarity + 0.25, pair.Second.Similarity, 9));
        }
    }

    [Fact]
    public void A_better_fitting_part_has_a_higher_similarity()
    {
        var last = 0.0;
        for (var level = 0.2; level < 0.4; level += 0.01)
        {
            var best = Best(Curves.Of(7, 0.005, (50, 0.17, 0), (10, level, 1), (50, 0.17, 2)), Background).Similarity;
            Assert.True(best > last, $"{best} at level {level} is not above {last}");
            last = best;
        }
    }

    private static Moment Best(IReadOnlyList<CurveFrame> frames, double background)
        => MomentFinder.Find(frames, background).MaxBy(moment => moment.Similarity)!;

    private static IEnumerable<(int, int)> Strong(IReadOnlyList<CurveFrame> frames, double background, double above)
        => MomentFinder.Find(frames, background).Where(moment => moment.Similarity > above)
            .Select(moment => ((int)moment.Start, (int)moment.End));
}
