using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.ScreenText;
using VideoUnderstanding.Inference.ScreenText;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class ScreenTextMergerTests
{
    private static readonly TextBox Top = new(100, 20, 400, 60);
    private static readonly TextBox Bottom = new(100, 300, 400, 340);

    private readonly ScreenTextMerger _merger = new(new ScreenTextOptions());

    [Fact]
    public void The_same_line_over_time_is_one_segment()
    {
        Read(0, ("Land and Vegetation", Top, 90));
        Read(1, ("Land and Vegetation", Top, 90));
        Read(2);
        Read(6);
        Assert.Equal([new ScreenTextSegment(0, 2, "Land and Vegetation")], _merger.Close(10));
    }

    [Fact]
    public void Misread_letters_do_not_split_a_line_and_the_most_confident_reading_is_used()
    {
        Read(0, ("lnaugural Addres5", Top, 61));
        Read(1, ("Inaugural Address", Top, 93));
        Read(2, ("Inaugura1 Address.", new TextBox(102, 19, 405, 61), 70));
        Assert.Equal([new ScreenTextSegment(0, 4, "Inaugural Address")], _merger.Close(4));
    }

    [Fact]
    public void A_short_gap_is_bridged_and_a_long_one_is_not()
    {
        foreach (var second in (int[])[0, 1, 3, 4, 9, 10])
        {
            Fill(second);
            Read(second, ("BERTH 4", Top, 90));
        }
        Assert.Equal([new ScreenTextSegment(0, 5, "BERTH 4"), new ScreenTextSegment(9, 11, "BERTH 4")], _merger.Close(11));
    }

    [Fact]
    public void Uncertain_single_readings_are_dropped_and_clear_ones_are_kept()
    {
        Read(0, ("xqzv", Bottom, 50), ("Wil", new TextBox(500, 20, 540, 60), 92), ("PRESENTS", Top, 91));
        Read(1);
        Assert.Equal(["PRESENTS"], _merger.Close(2).Select(segment => segment.Text));
    }

    [Fact]
    public void Different_simultaneous_lines_are_separate_segments()
    {
        Read(0, ("Block books", Top, 90), ("China and the Netherlands", Bottom, 90));
        Read(1, ("Block books", Top, 90), ("China and the Netherlands", Bottom, 90));
        Assert.Equal(["Block books", "China and the Netherlands"],
            _merger.Close(2).Select(segment => segment.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Another_text_in_the_same_place_is_another_segment()
    {
        Read(0, ("Block books", Top, 90));
        Read(1, ("Gutenberg", Top, 90));
        Assert.Equal([new ScreenTextSegment(0, 1, "Block books"), new ScreenTextSegment(1, 2, "Gutenberg")], _merger.Close(2));
    }

    [Fact]
    public void A_scrolling_line_is_one_segment()
    {
        for (var second = 0; second < 5; second++)
            Read(second, ("Directed by Jane Doe", new TextBox(100, 400 - second * 80, 400, 430 - second * 80), 88));
        Assert.Equal([new ScreenTextSegment(0, 5, "Directed by Jane Doe")], _merger.Close(5));
    }

    [Fact]
    public void The_same_words_in_two_places_are_two_lines()
    {
        Read(0, ("EXIT", Top, 90), ("EXIT", Bottom, 90));
        Read(1, ("EXIT", Top, 90), ("EXIT", Bottom, 90));
        Assert.Equal(2, _merger.Close(2).Count);
    }

    [Fact]
    public void Lines_that_are_still_shown_are_returned_once_they_are_confirmed()
    {
        Read(0, ("Land and Vegetation", Top, 90), ("Berth 4", Bottom, 90));
        Read(1, ("Land and Vegetation", Top, 90));
        Read(5, ("Land and Vegetation", Top, 90), ("Wharf", Bottom, 60));
        Read(6, ("Land and Vegetation", Top, 90));

        // The only reading of the wharf is uncertain, so another picture must confirm it.
        Assert.Equal(5, _merger.ConfirmedUntil(6));
        Assert.Equal([new ScreenTextSegment(0, 1, "Berth 4"), new ScreenTextSegment(0, 6, "Land and Vegetation")],
            _merger.CurrentSegments(0, 5));
        Assert.Empty(_merger.CurrentSegments(1, 5));
        Read(7, ("Wharf", Bottom, 60), ("Land and Vegetation", Top, 90));
        Assert.Equal([new ScreenTextSegment(5, 6, "Wharf")], _merger.CurrentSegments(5, 7));
        Assert.Equal([new ScreenTextSegment(0, 1, "Berth 4"), new ScreenTextSegment(0, 8, "Land and Vegetation"),
            new ScreenTextSegment(5, 8, "Wharf")], _merger.Close(8));
    }

    [Fact]
    public void Short_and_uncertain_readings_are_dropped()
    {
        for (var second = 0; second < 5; second++)
            Read(second, ("|", Top, 95), ("--", Top, 95), ("Wall", Bottom, 20));
        Assert.Empty(_merger.Close(5));
    }

    [Theory]
    [InlineData("", "", 1)]
    [InlineData("abc", "", 0)]
    [InlineData("kitten", "sitting", 1 - 3.0 / 7)]
    [InlineData("same", "same", 1)]
    public void Similarity_is_the_normalised_edit_distance(string a, string b, double expected)
        => Assert.Equal(expected, TextSimilarity.Of(a, b), 9);

    private double _last = -1;

    /// <summary>Pictures without text between the last one and this time.</summary>
    private void Fill(double until)
    {
        for (var second = _last + 1; second < until; second++)
            _merger.Add(second, []);
    }

    private void Read(double time, params (string Text, TextBox Box, double Confidence)[] lines)
    {
        _merger.Add(time, [.. lines.Select(line => new TextLine(line.Text, line.Box, line.Confidence))]);
        _last = time;
    }
}
