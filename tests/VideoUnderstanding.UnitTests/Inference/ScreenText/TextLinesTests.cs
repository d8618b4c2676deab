using VideoUnderstanding.Inference.ScreenText;

namespace VideoUnderstanding.UnitTests.Inference.ScreenText;

public sealed class TextLinesTests
{
    [Fact]
    public void Words_of_one_line_become_one_text_with_one_box()
    {
        var line = Assert.Single(
            TextLines.From([new("Movable", new(0, 0, 50, 10), 95, 0), new("letters", new(60, 1, 100, 12), 85, 0)], 60));

        Assert.Equal(new TextLine("Movable letters", new TextBox(0, 0, 100, 12), 90), line);
    }

    [Theory]
    [InlineData("|", 99)]
    [InlineData("~=-", 99)]
    [InlineData("Vv", 70)]
    [InlineData("fiat", 40)]
    public void Noise_is_left_out(string text, double confidence)
        => Assert.Empty(TextLines.From([new(text, new(0, 0, 50, 10), confidence, 0)], 60));

    [Theory]
    [InlineData("MIT", 95)]
    [InlineData("42", 96)]
    [InlineData("Acknowledgements", 50)]
    [InlineData("Żółw", 80)]
    public void Text_is_kept(string text, double confidence)
        => Assert.Equal(text, Assert.Single(TextLines.From([new(text, new(0, 0, 50, 10), confidence, 0)], 60)).Text);

    [Fact]
    public void Pieces_on_one_baseline_are_one_line_and_columns_are_not()
    {
        var lines = TextLines.InReadingOrder(
        [
            new TextLine("second", new TextBox(0, 40, 60, 52), 90),
            new TextLine("line", new TextBox(70, 41, 110, 52), 90),
            new TextLine("first", new TextBox(0, 10, 60, 22), 90),
            new TextLine("column", new TextBox(400, 40, 460, 52), 90),
        ]);

        Assert.Equal(["first", "second line", "column"], lines.Select(line => line.Text));
    }

    [Fact]
    public void Of_two_readings_of_one_place_the_longer_and_more_confident_is_kept()
    {
        var lines = TextLines.InReadingOrder(
            [new TextLine("BUNNY", new TextBox(0, 0, 100, 30), 95), new TextLine("INNY", new TextBox(30, 2, 100, 30), 80)]);

        Assert.Equal("BUNNY", Assert.Single(lines).Text);
    }

    [Fact]
    public void Touching_lines_are_split_at_rows_with_few_foreground_pixels()
    {
        // Two bars of 30 rows with a narrow bridge between them, white on black.
        var pixels = new byte[120 * 90];
        for (var y = 10; y < 80; y++)
            pixels.AsSpan(y * 120 + 20, y is >= 40 and < 50 ? 10 : 80).Fill(250);
        var picture = new GrayPicture(120, 90, pixels);

        var rows = LineSplitter.Split(picture, new TextBox(18, 8, 102, 82), LineSplitter.SeparatorShare);

        Assert.Equal(2, rows.Count);
        Assert.Equal(rows[0].Bottom, rows[1].Top);
        Assert.InRange(rows[0].Bottom, 40, 50);
    }

    [Fact]
    public void White_letters_on_black_are_inverted()
    {
        var pixels = new byte[60 * 20];
        pixels.AsSpan(10 * 60 + 10, 30).Fill(220);

        var picture = Contrast.Stretch(Contrast.DarkOnLight(new GrayPicture(60, 20, pixels)));

        Assert.Equal(255, picture.Row(0)[0]);
        Assert.Equal(0, picture.Row(10)[20]);
    }
}
