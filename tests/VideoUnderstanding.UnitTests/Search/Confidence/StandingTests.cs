using VideoUnderstanding.Search.Confidence;

namespace VideoUnderstanding.UnitTests.Search.Confidence;

public sealed class StandingTests
{
    private static readonly BankLevel Level = new(0.2, 0.03);

    [Fact]
    public void A_background_that_all_cosines_share_changes_nothing()
    {
        for (var shift = -0.5; shift < 0.5; shift += 0.05)
            Assert.Equal(Standing.Of(0.3, Level, new(0.21, 20), 0), Standing.Of(0.3 + shift, Level with { Mean = Level.Mean + shift }, new(0.21 + shift, 20), 0), 9);
    }

    [Fact]
    public void It_does_not_depend_on_the_width_of_a_models_cosines()
        => Assert.Equal(Standing.Of(0.3, Level, new(0.21, 20), 0), Standing.Of(0.6, new(0.4, 0.06), new(0.42, 20), 0), 9);

    [Fact]
    public void A_better_cosine_stands_higher()
    {
        var standings = Enumerable.Range(-50, 100).Select(i => Standing.Of(i / 50.0, Level, new(0.25, 10), 0.01)).ToList();
        Assert.Equal(standings.Order().Distinct(), standings);
    }

    [Fact]
    public void A_query_that_gets_much_everywhere_stands_lower()
        => Assert.True(Standing.Of(0.3, Level, new(0.26, 20), 0) < Standing.Of(0.3, Level, new(0.2, 20), 0) - 0.5);

    [Fact]
    public void An_index_full_of_the_thing_takes_little_away()
    {
        // Every video shows it: the index's own level is as high as the match.
        var full = Standing.Of(0.32, Level, new(0.32, 20), 0);
        Assert.InRange(full, Standing.Of(0.32, Level, new(0.2, 20), 0) - Standing.MostGain, 4);
        Assert.True(full > 2.9);
    }

    [Fact]
    public void The_only_video_of_an_index_is_no_background()
        => Assert.Equal(Standing.Of(0.32, Level, default, 0), Standing.Of(0.32, Level, new(0.31, 1), 0));

    [Fact]
    public void Where_the_model_tells_nothing_apart_a_small_difference_is_not_great()
        => Assert.True(Standing.Of(0.21, new(0.2, 0.0001), default, 0.02) < 1);

    [Fact]
    public void The_bank_gives_mean_and_spread_of_its_cosines()
    {
        var bank = new CaptionBank([[1, 0], [0, 1], [-1, 0], [0.6f, 0.8f]]);

        // The length of a stored vector does not matter.
        var level = bank.LevelOf([3, 0]);

        Assert.Equal(0.15, level.Mean, 6);
        Assert.Equal(Math.Sqrt((1 + 0 + 1 + 0.36) / 4 - 0.15 * 0.15), level.Spread, 6);
        Assert.Equal(default, bank.LevelOf([0, 0]));
    }

    [Fact]
    public void The_captions_are_many_ordinary_and_each_there_once()
    {
        Assert.InRange(GenericCaptions.All.Count, 100, 200);
        Assert.Equal(GenericCaptions.All.Count, GenericCaptions.All.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(GenericCaptions.All, caption => Assert.InRange(caption.Length, 3, 60));
    }
}
