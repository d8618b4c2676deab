using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>The measured values of the rules. The integration tests have recordings that trigger them.</summary>
public sealed class HallucinationRulesTests
{
    private static readonly SpeechSettings Settings = new();

    [Fact]
    public void A_loop_has_a_higher_compression_ratio_than_speech()
    {
        var loop = string.Concat(Enumerable.Repeat("It is a good thing to have. ", 12));

        Assert.True(HallucinationRules.CompressionRatio(loop) > Settings.CompressionRatio);
        Assert.InRange(
            HallucinationRules.CompressionRatio(
                "Printing differs from most if not from all the arts and crafts represented in the exhibition."), 0.5, 1.6);
        Assert.Equal(0, HallucinationRules.CompressionRatio(""));
    }

    [Fact]
    public void A_loop_is_dropped() => Assert.True(IsDropped(string.Concat(Enumerable.Repeat(" It is a good thing.", 20)), seconds: 28));

    [Fact]
    public void A_text_with_a_low_log_probability_is_dropped()
    {
        Assert.True(IsDropped(" Some words.", logProbability: -1.2));
        Assert.False(IsDropped(" Some words.", logProbability: -0.9));
    }

    [Fact]
    public void An_uncertain_text_with_a_high_no_speech_probability_is_dropped()
    {
        Assert.True(IsDropped(" Some words.", logProbability: -0.5, noSpeech: 0.7));
        Assert.False(IsDropped(" Some words.", logProbability: -0.1, noSpeech: 0.7));
    }

    [Fact]
    public void Text_that_is_too_long_for_its_duration_is_dropped()
    {
        const string text = " Forty letters a second are far too many for any speaker.";

        Assert.True(IsDropped(text, seconds: 1));
        Assert.False(IsDropped(text, seconds: 4));
    }

    [Theory]
    [InlineData(" Thank you.")]
    [InlineData(" Thanks for watching!")]
    [InlineData(" you")]
    public void A_stock_phrase_is_dropped_unless_the_model_is_confident(string text)
    {
        Assert.True(IsDropped(text, logProbability: -0.5));
        Assert.True(IsDropped(text, logProbability: -0.1, noSpeech: 0.4));
        Assert.False(IsDropped(text, logProbability: -0.1));
    }

    [Theory]
    [InlineData("of the Netherlands [BLANK_AUDIO]", "of the Netherlands")]
    [InlineData("(upbeat music)", "")]
    [InlineData("♪ la la la ♪ Hello there", "Hello there")]
    [InlineData("*applause* Good evening", "Good evening")]
    [InlineData("five times three", "five times three")]
    public void Descriptions_of_sounds_are_removed(string text, string left)
    {
        SpokenWord[] words = [.. text.Split(' ').Select((word, i) => new SpokenWord(i, i + 1, " " + word))];

        Assert.Equal(left, string.Concat(HallucinationRules.WithoutDescriptions(words).Select(word => word.Text)).Trim());
    }

    [Fact]
    public void Words_that_start_after_all_speech_are_removed()
    {
        SpokenWord[] words = [new(0.3, 1, " spoken"), new(2.1, 2.3, " near"), new(2.3, 30, " late")];

        var kept = HallucinationRules.BeforeEnd(words, 2, Settings);

        Assert.Equal([" spoken", " near"], kept.Select(word => word.Text));
    }

    [Fact]
    public void A_repeated_sentence_at_the_end_without_time_to_speak_it_is_removed()
        => Assert.Equal("We found it. The bridge is old.", WithoutRepeatedEnd(
            ["We", "found", "it.", "The", "bridge", "is", "old.", "The", "bridge", "is", "old."],
            [0.2, 0.5, 0.8, 1.2, 1.5, 1.8, 2.1, 2.4, 2.4, 2.4, 2.4], 2.5));

    [Fact]
    public void An_earlier_sentence_that_is_repeated_without_time_to_speak_it_is_removed()
        => Assert.Equal("We found it. The bridge", WithoutRepeatedEnd(
            ["We", "found", "it.", "The", "bridge", "We", "found", "it."], [0.2, 0.5, 0.8, 1.2, 1.5, 1.9, 1.9, 1.9], 2));

    [Fact]
    public void A_word_repeated_until_the_end_is_removed()
        => Assert.Equal("Friday. Saturday.", WithoutRepeatedEnd(
            ["Friday.", "Saturday.", "Saturday.", "Saturday.", "Saturday.", "Saturday.", "Saturday."],
            [0.5, 1, 1.5, 1.5, 1.5, 1.5, 1.5], 1.9));

    [Fact]
    public void Words_that_were_spoken_twice_are_kept()
    {
        Assert.Equal("No no no.", WithoutRepeatedEnd(["No", "no", "no."], [0.2, 0.4, 0.6], 0.8));
        // In real speech a single repeated short word at the end is common.
        Assert.Equal("The dog saw the", WithoutRepeatedEnd(["The", "dog", "saw", "the"], [0.2, 0.4, 0.6, 0.8], 0.85));
    }

    private static string WithoutRepeatedEnd(string[] words, double[] starts, double speechEnd)
        => string.Join(' ', HallucinationRules.WithoutRepeatedEnd(
            [.. words.Zip(starts, (word, start) => new SpokenWord(start, start, word))], speechEnd, Settings).Select(word => word.Text));

    private static bool IsDropped(string text, double logProbability = -0.2, double noSpeech = 0, double seconds = 5)
        => HallucinationRules.FindRule(
            new WindowTranscript(text.Trim(), [new SpokenWord(0, 1, text)], logProbability, noSpeech,
                HallucinationRules.CompressionRatio(text)), seconds, Settings) != HallucinationRule.None;
}
