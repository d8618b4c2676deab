using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.UnitTests.Search.Words;

public sealed class PlainWordsTests
{
    [Theory]
    [InlineData("The tug is leaving, berth four!", "the tug is leaving berth four")]
    [InlineData("Don’t STOP -- well-known (1,000)", "dont stop well known 1 000")]
    [InlineData("Füße 東京 café", "füße 東京 café")]
    [InlineData("...", "")]
    public void Case_and_punctuation_do_not_count(string text, string words) => Assert.Equal(words, string.Join(' ', PlainWords.Of(text)));
}
