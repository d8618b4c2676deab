using VideoUnderstanding.Inference.Text;

namespace VideoUnderstanding.UnitTests.Inference.Text;

public sealed class CanonicalFormsTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("caf\u00e9", "cafe")]
    [InlineData("cafe\u0301", "cafe")]
    [InlineData("\u1ec7", "e")] // e with dot below and circumflex
    [InlineData("\u0439", "\u0438")] // Cyrillic short i
    [InlineData("\u304c", "\u304b")] // Hiragana ga
    [InlineData("\ud55c", "\u1112\u1161\u11ab")] // Hangul han
    [InlineData("\u65e5", "\u65e5")]
    [InlineData("\u00f8 \ud83d\ude00", "\u00f8 \ud83d\ude00")]
    public void Marks_are_removed_from_letters(string text, string expected) => Assert.Equal(expected, CanonicalForms.WithoutMarks(text));

    [Theory]
    [InlineData("cafe\u0301", "caf\u00e9")]
    [InlineData("e\u0323\u0302", "\u1ec7")]
    [InlineData("\u00e9", "\u00e9")]
    [InlineData("x\u0301", "x\u0301")]
    public void Letters_and_marks_are_composed(string text, string expected) => Assert.Equal(expected, CanonicalForms.Compose(text));
}
