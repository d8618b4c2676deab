using VideoUnderstanding.Indexing.Transcripts;

namespace VideoUnderstanding.UnitTests.Indexing.Transcripts;

/// <summary>The parsing rules of the W3C. The cases are from the web platform tests for WebVTT.</summary>
public sealed class WebVttTests
{
    private const string Good = "00:01.000 --> 00:02.000\ngood";

    [Fact]
    public void A_line_with_blanks_does_not_end_a_cue()
        => Assert.Equal([new SubtitleCue(0.16, 3, "look at the harbour"), new SubtitleCue(3, 4, "look at")],
            Read("WEBVTT\nKind: captions\n\n00:00:00.160 --> 00:00:03.000 align:start\n \nlook<00:00:00.960><c> at</c> the harbour\n\n"
                + "00:00:03.000 --> 00:00:04.000\nlook at\n \n\n").Cues);

    [Theory]
    [InlineData("WEBVTT\n" + Good)]
    [InlineData("WEBVTT\nKind: captions\n" + Good)]
    [InlineData("WEBVTT a title\n\n\n\n" + Good)]
    [InlineData("WEBVTT\t\n\nidentifier\n" + Good)]
    [InlineData("WEBVTT\r\n\r\n1\r\n00:01.000 --> 00:02.000\r\ngood\r\n")]
    [InlineData("WEBVTT\r\r00:01.000 --> 00:02.000\rgood")]
    [InlineData("\uFEFFWEBVTT\n\n" + Good + "\n\nNOTE a comment\n\nNOTE\nof two\nlines")]
    [InlineData("WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\nwidth:40%\n\n" + Good)]
    [InlineData("WEBVTT\n\n00:00:01.000-->00:00:02.000 line:0 position:10%,line-left size:35%\ngood")]
    [InlineData("WEBVTT\n\n \t00:01.000\t-->   0:00:02.000nonsense:setting\ngood")]
    public void All_forms_of_a_cue_are_read_without_a_warning(string text)
    {
        var file = Read(text);
        Assert.Equal([new SubtitleCue(1, 2, "good")], file.Cues);
        Assert.Null(file.Warning);
    }

    [Theory]
    [InlineData("00:0x.000 --> 00:05.000")]
    [InlineData("00:03,000 --> 00:05.000")]
    [InlineData("00:03.00 --> 00:05.000")]
    [InlineData("00:03.0000 --> 00:05.000")]
    [InlineData("00:3.000 --> 00:05.000")]
    [InlineData("3.000 --> 5.000")]
    [InlineData("00:60.000 --> 01:05.000")]
    [InlineData("00:60:00.000 --> 01:05:00.000")]
    [InlineData("-00:03.000 --> 00:05.000")]
    [InlineData("00:03.000 --> ")]
    [InlineData("-->")]
    [InlineData("00:05.000 --> 00:03.000")]
    [InlineData("00:05.000 --> 00:05.000")]
    [InlineData("00:03.000 -> 00:05.000")]
    public void A_cue_with_wrong_times_is_dropped_and_its_lines_are_reported(string times)
    {
        var file = Read($"WEBVTT\n\n{Good}\n\n{times}\nbad\nstill bad\n\n00:06.000 --> 00:08.000\nlast");
        Assert.Equal(["good", "last"], file.Cues.Select(cue => cue.Text));
        Assert.Equal((6, 8), (Assert.Single(file.Dropped).First, file.Dropped[0].Last));
        Assert.StartsWith("The transcript was read without the lines 6-8.", file.Warning);
    }

    [Fact]
    public void A_paragraph_without_times_is_dropped()
    {
        var file = Read($"WEBVTT\n\n{Good}\n\nA stray paragraph\nof two lines\n\n00:06.000 --> 00:08.000\nlast");
        Assert.Equal(["good", "last"], file.Cues.Select(cue => cue.Text));
        Assert.Equal("6-7", Assert.Single(file.Dropped).Name);
    }

    [Fact]
    public void An_arrow_in_the_text_ends_the_cue()
    {
        var file = Read($"WEBVTT\n\n{Good}\nfrom a --> b\nlost\n00:06.000 --> 00:08.000\nlast");
        Assert.Equal(["good", "last"], file.Cues.Select(cue => cue.Text));
        Assert.Equal("5-6", Assert.Single(file.Dropped).Name);
    }

    [Fact]
    public void A_zero_character_is_replaced()
        => Assert.Equal("a\uFFFDb", Assert.Single(Read("WEBVTT\n\n00:01.000 --> 00:02.000\na\0b").Cues).Text);

    [Fact]
    public void A_file_without_valid_cues_is_refused_with_the_reason()
        => Assert.Equal("Line 3: times like 00:00:01.000 --> 00:00:02.000 are expected.",
            Assert.Throws<FormatException>(() => Read("WEBVTT\n\n00:01,000 --> 00:02,000\nx")).Message);

    [Fact]
    public void A_warning_is_short_for_any_number_of_lines()
    {
        var warning = Read($"WEBVTT\n\n{Good}\n\n{string.Concat(Enumerable.Repeat("bad\n\n", 50_000))}").Warning;
        Assert.InRange(warning!.Length, 50, 300);
        Assert.Contains(" and others", warning);
    }

    private static SubtitleFile Read(string text) => SubtitleParser.Parse(text, default);
}
