using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

public sealed class LanguageTests
{
    [Fact]
    public void A_short_region_changes_the_language_only_with_a_high_probability()
    {
        var choice = new LanguageChoice();
        choice.Choose(new("en", 0.9), 20);

        Assert.Equal("en", choice.Choose(new("no", 0.6), 4));
        Assert.Equal("no", choice.Choose(new("no", 0.65), 4));
    }

    [Fact]
    public void A_long_region_changes_the_language_with_a_probability_of_one_half()
    {
        var choice = new LanguageChoice();
        choice.Choose(new("en", 0.9), 20);

        Assert.Equal("de", choice.Choose(new("de", 0.55), 8));
        Assert.Equal("en", choice.Choose(new("de", 0.45), 8));
    }

    [Fact]
    public void The_prevailing_language_has_the_most_seconds()
    {
        var choice = new LanguageChoice();
        Assert.Null(choice.Prevailing);
        choice.Choose(new("en", 0.9), 6);
        choice.Choose(new("de", 0.9), 10);

        Assert.Equal("de", choice.Prevailing);
    }

    [Fact]
    public void A_majority_of_clear_checks_reports_another_language()
    {
        var doubt = new LanguageMismatch("en");
        doubt.Add(new("de", 0.95));
        Assert.Equal("de", doubt.Other);
        doubt.Add(new("en", 0.95));

        Assert.Null(doubt.Other);
    }

    [Fact]
    public void An_unclear_check_reports_no_other_language()
    {
        var doubt = new LanguageMismatch("en");
        doubt.Add(new("de", 0.7));

        Assert.Null(doubt.Other);
    }

    [Fact]
    public void Checks_go_on_until_the_given_language_is_found_and_end_after_three()
    {
        Assert.Equal(1, Checks(new("en", 0.9)));
        Assert.Equal(3, Checks(new("de", 0.9)));
        Assert.Equal(3, Checks(new("de", 0.5)));
    }

    [Fact]
    public void The_first_window_of_five_seconds_is_checked()
    {
        var doubt = new LanguageMismatch("en");

        Assert.False(doubt.TryClaim(4));
        Assert.True(doubt.TryClaim(6));
        // The first check has not ended.
        Assert.False(doubt.TryClaim(6));
    }

    private static int Checks(DetectedLanguage detected)
    {
        var (doubt, checks) = (new LanguageMismatch("en"), 0);
        for (var window = 0; window < 10; window++)
        {
            if (!doubt.TryClaim(10))
                continue;
            checks++;
            doubt.Add(detected);
        }
        return checks;
    }
}
