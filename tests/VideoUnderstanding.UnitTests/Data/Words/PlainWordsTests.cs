using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.UnitTests.Data.Words;

public sealed class PlainWordsTests
{
    [Theory]
    [InlineData("The tug is leaving, berth four!", "the tug is leaving berth four")]
    [InlineData("Don’t STOP -- well-known (1,000)", "dont stop well known 1 000")]
    [InlineData("Füße café", "füsse café")]
    [InlineData("...", "")]
    public void Case_and_punctuation_are_ignored(string text, string words) => Assert.Equal(words, string.Join(' ', PlainWords.Of(text)));

    [Theory]
    [InlineData("今日はいい天気", "今 日 は い い 天 気")]
    [InlineData("学校에 가요", "学 校 에 가 요")]
    [InlineData("ยินดีต้อนรับ", "ยิ น ดี ต้ อ น รั บ")]
    [InlineData("iPhone手机15号", "iphone 手 机 15 号")]
    [InlineData("ﾊﾞｽに乗る", "バ ス に 乗 る")]
    [InlineData("नमस्ते दुनिया", "नमस्ते दुनिया")]
    public void Scripts_without_blanks_have_a_word_for_each_character_with_its_marks(string text, string words)
        => Assert.Equal(words, string.Join(' ', PlainWords.Of(text)));

    [Fact]
    public void Text_without_blanks_is_one_phrase()
        => Assert.Equal(["now", "天 気", "予 報", "iphone", "手 机"], PlainWords.Phrases("Now: 天気、予報 iPhone手机"));

    [Fact]
    public void The_column_has_a_blank_before_and_after_each_word()
    {
        Assert.Equal(" it is 天 気 ", PlainWords.Column("It is 天気!"));
        Assert.Equal("", PlainWords.Column("♪ – ♪"));
    }

    /// <summary>U+FDFA becomes 18 letters.</summary>
    [Theory]
    [InlineData("word ")]
    [InlineData("字")]
    [InlineData("\uFDFA ")]
    [InlineData(". ")]
    public void The_column_is_bounded_for_any_text(string part)
    {
        var column = PlainWords.Column(string.Concat(Enumerable.Repeat(part, 100_000)));
        Assert.InRange(column.Length, 0, PlainWords.MaxColumnLength);
        Assert.True(column.Length == 0 || column.EndsWith(' '));
    }
}
