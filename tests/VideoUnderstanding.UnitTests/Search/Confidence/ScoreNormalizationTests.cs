using VideoUnderstanding.Search.Confidence;

namespace VideoUnderstanding.UnitTests.Search.Confidence;

public sealed class ScoreNormalizationTests
{
    private static readonly CaptionStatistics Level = new(0.2, 0.03);

    [Fact]
    public void A_background_that_all_cosines_share_changes_nothing()
    {
        for (var shift = -0.5; shift < 0.5; shift += 0.05)
            Assert.Equal(ScoreNormalization.Normalize(0.3, Level, new(0.21, 20), 0),
                ScoreNormalization.Normalize(0.3 + shift, Level with { Mean = Level.Mean + shift }, new(0.21 + shift, 20), 0), 9);
    }

    [Fact]
    public void The_score_does_not_depend_on_the_range_of_a_models_cosines()
        => Assert.Equal(ScoreNormalization.Normalize(0.3, Level, new(0.21, 20), 0),
            ScoreNormalization.Normalize(0.6, new(0.4, 0.06), new(0.42, 20), 0), 9);

    [Fact]
    public void A_higher_cosine_gives_a_higher_score()
    {
        var standings = Enumerable.Range(-50, 100).Select(i => ScoreNormalization.Normalize(i / 50.0, Level, new(0.25, 10), 0.01)).ToList();
        Assert.Equal(standings.Order().Distinct(), standings);
    }

    [Fact]
    public void A_query_with_high_cosines_everywhere_has_a_lower_score()
        => Assert.True(ScoreNormalization.Normalize(0.3, Level, new(0.26, 20), 0)
            < ScoreNormalization.Normalize(0.3, Level, new(0.2, 20), 0) - 0.5);

    [Fact]
    public void An_index_full_of_matches_lowers_the_score_only_a_little()
    {
        // Every video shows it: the index's own level is as high as the match.
        var full = ScoreNormalization.Normalize(0.32, Level, new(0.32, 20), 0);
        Assert.InRange(full, ScoreNormalization.Normalize(0.32, Level, new(0.2, 20), 0) - ScoreNormalization.MaxBackgroundGain, 4);
        Assert.True(full > 2.9);
    }

    [Fact]
    public void The_only_video_of_an_index_is_no_background()
        => Assert.Equal(ScoreNormalization.Normalize(0.32, Level, default, 0), ScoreNormalization.Normalize(0.32, Level, new(0.31, 1), 0));

    [Fact]
    public void A_small_spread_does_not_enlarge_small_differences()
        => Assert.True(ScoreNormalization.Normalize(0.21, new(0.2, 0.0001), default, 0.02) < 1);

    [Fact]
    public void The_upper_bound_from_the_mean_is_never_too_low()
    {
        var random = new Random(2);
        for (var i = 0; i < 10_000; i++)
        {
            var (cosine, mean, minSpread) = (random.NextDouble() * 2 - 1, random.NextDouble() * 2 - 1, random.Next(3) * 0.05);
            var background = new IndexBackground(random.NextDouble() * 2 - 1, random.Next(30));
            var standing = ScoreNormalization.Normalize(cosine, new CaptionStatistics(mean, random.NextDouble() * 0.2), background,
                minSpread);
            Assert.InRange(ScoreNormalization.UpperBound(cosine, mean, background, minSpread), standing,
                ScoreNormalization.UpperBound(cosine, mean, minSpread));
        }
    }

    [Fact]
    public void The_mean_of_the_bank_is_known_without_its_captions()
    {
        var random = new Random(8);
        float[] Vector() => [.. Enumerable.Range(0, 32).Select(_ => (float)random.NextDouble() - 0.5f)];
        float[] Unit(float[] vector) => [.. vector.Select(value => value / MathF.Sqrt(vector.Sum(one => one * one)))];
        var bank = new CaptionBank([.. Enumerable.Range(0, 50).Select(_ => Unit(Vector()))]);
        for (var i = 0; i < 100; i++)
        {
            var item = new Pgvector.HalfVector(Array.ConvertAll(Vector(), value => (Half)value));
            Assert.Equal(bank.StatisticsOf(item).Mean, bank.MeanOf(item), 1e-6);
        }
    }

    [Fact]
    public void The_bank_gives_mean_and_spread_of_its_cosines()
    {
        var bank = new CaptionBank([[1, 0], [0, 1], [-1, 0], [0.6f, 0.8f]]);

        // The length of a stored vector does not matter.
        var level = bank.StatisticsOf([3, 0]);

        Assert.Equal(0.15, level.Mean, 6);
        Assert.Equal(Math.Sqrt((1 + 0 + 1 + 0.36) / 4 - 0.15 * 0.15), level.Spread, 6);
        Assert.Equal(default, bank.StatisticsOf([0, 0]));
    }

    [Fact]
    public void The_captions_are_at_least_100_and_distinct()
    {
        Assert.InRange(GenericCaptions.All.Count, 100, 200);
        Assert.Equal(GenericCaptions.All.Count, GenericCaptions.All.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(GenericCaptions.All, caption => Assert.InRange(caption.Length, 3, 60));
    }
}
