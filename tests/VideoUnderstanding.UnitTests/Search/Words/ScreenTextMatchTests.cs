using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.UnitTests.Search.Words;

public sealed class ScreenTextMatchTests
{
    [Theory]
    [InlineData("CAM 02", "cam 02 | 12:44:10")]
    [InlineData("CAM 02", "CAM02")]
    [InlineData("cam02", "Harbour CAM-02")]
    [InlineData("No entry", "NO ENTRY")]
    [InlineData("12:44", "12:44:10")]
    public void Case_marks_and_spaces_do_not_matter_for_an_exact_match(string query, string text)
        => Assert.Equal(LetterMatch.Exact, new ScreenTextMatch(query).With(text));

    [Theory]
    [InlineData("HARBOUR", "HARB0UR")]
    [InlineData("modern", "modem")]
    [InlineData("container terminal", "CONTAINEP TERMINAI")]
    [InlineData("harbour control tower", "Harbour tower")]
    [InlineData("port", "Airport")]
    public void Wrong_letters_parts_and_most_words_are_a_loose_match(string query, string text)
        => Assert.Equal(LetterMatch.Loose, new ScreenTextMatch(query).With(text));

    [Theory]
    [InlineData("CAM 02", "CAM 03")]
    [InlineData("art", "start")]
    [InlineData("entry no", "exit")]
    [InlineData("harbour control tower", "tower")]
    [InlineData("!", "!")]
    [InlineData("tug", "")]
    public void Other_text_is_not_a_match(string query, string text)
        => Assert.Equal(LetterMatch.None, new ScreenTextMatch(query).With(text));
}
