using VideoUnderstanding.Indexing.Speech;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class TextSplitterTests
{
    [Fact]
    public void A_short_text_is_not_changed()
    {
        var text = new SpokenText(1, 9, "One. Two. Three.") { Language = "en" };
        Assert.Same(text, Assert.Single(TextSplitter.Split(text)));
    }

    [Fact]
    public void A_long_text_becomes_its_sentences_with_times_in_proportion()
    {
        var sentence = new string('a', 98) + ". ";
        var parts = TextSplitter.Split(new SpokenText(10, 20, string.Concat(Enumerable.Repeat(sentence, 10))) { Language = "de" }).ToList();
        Assert.Equal(10, parts.Count);
        Assert.All(parts, part => Assert.Equal((sentence.Trim(), "de"), (part.Text, part.Language)));
        for (var i = 0; i < 10; i++)
            Assert.Equal((10 + i, 11 + i), (Math.Round(parts[i].Start, 1), Math.Round(parts[i].End, 1)));
    }

    [Theory]
    [InlineData("ask ")]
    [InlineData("a. ")]
    [InlineData("x")]
    [InlineData("今日はいい天気ですね。")]
    [InlineData("字")]
    [InlineData("🐟")]
    [InlineData("กำ")]
    [InlineData("Dr. A. B. \"Why?\" ")]
    public void Parts_of_any_text_are_bounded_and_lose_nothing(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var parts = TextSplitter.Split(new SpokenText(0, 3600, text)).ToList();
        Assert.All(parts, part => Assert.InRange(part.Text.Length, 1, TextSplitter.MaxLength));
        Assert.Equal(string.Concat(text.Where(letter => letter != ' ')),
            string.Concat(parts.Select(part => part.Text)).Replace(" ", "", StringComparison.Ordinal));
        Assert.InRange(parts.Count, 1, text.Length / 75);
        Assert.All(parts, part => Assert.True(part.Start < part.End && !char.IsLowSurrogate(part.Text[0])));
        Assert.Equal((0, 3600), (parts[0].Start, parts[^1].End));
    }
}
