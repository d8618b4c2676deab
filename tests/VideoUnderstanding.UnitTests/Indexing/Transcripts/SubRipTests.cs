using VideoUnderstanding.Indexing.Transcripts;

namespace VideoUnderstanding.UnitTests.Indexing.Transcripts;

public sealed class SubRipTests
{
    [Theory]
    [InlineData("00:00:01,000 --> 00:00:02,000\na\n\n00:00:03,000 --> 00:00:04,000\nb")]
    [InlineData("1\n00:00:01.000 --> 00:00:02.000\na\n\n2\n00:00:03.000 --> 00:00:04.000\nb")]
    [InlineData("1 \n00:00:01,000 --> 00:00:02,000 \na \n \n2\t\n 00:00:03,000 --> 00:00:04,000\nb\n  ")]
    [InlineData("1\n\n00:00:01,000 --> 00:00:02,000\n\na\n\n2\n\n00:00:03,000 --> 00:00:04,000\n\nb\n\n")]
    [InlineData("\uFEFF1\r\r\n00:00:01,000 --> 00:00:02,000\r\r\na\r\r\n\r\r\n2\r\r\n00:00:03,000 --> 00:00:04,000\r\r\nb\r\r\n")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb")]
    [InlineData("7\n0:0:1,0 --> 0:0:2,0\na\n\n7\n00:03 --> 00:04\nb")]
    [InlineData("1\n00:00:01:000 --> 00:00:02:000\na\n\n2\n00:00:03 , 000 --> 00:00:04 , 000\nb")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\na\n\n\uFEFF2\n00:00:03,000 --> 00:00:04,000\nb")]
    public void All_forms_of_cues_are_read_without_a_warning(string text)
    {
        var file = SubtitleParser.Parse(text, default);
        Assert.Equal([new SubtitleCue(1, 2, "a"), new SubtitleCue(3, 4, "b")], file.Cues);
        Assert.Null(file.Warning);
    }

    [Theory]
    [InlineData("00:00:9x,000 --> 00:00:12,000")]
    [InlineData("00:00:09,000 --> later")]
    [InlineData("00:99:09,000 --> 00:99:12,000")]
    [InlineData("00:00:09,000 --> 00:00:08,000")]
    [InlineData("00:00:09,000 --> 00:00:09,000")]
    public void A_cue_with_wrong_times_is_dropped_and_its_lines_are_reported(string times)
    {
        var file = SubtitleParser.Parse(
            $"1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n{times}\nlost\nlost too\n\n3\n00:00:13,000 --> 00:00:14,000\nc\n", default);
        Assert.Equal(["a", "c"], file.Cues.Select(cue => cue.Text));
        Assert.Equal("6-8", Assert.Single(file.Dropped).Name);
    }

    [Theory]
    [InlineData("from a --> b")]
    [InlineData("--> this way")]
    [InlineData("42")]
    public void An_arrow_or_a_number_may_be_text(string line)
    {
        var file = SubtitleParser.Parse($"1\n00:00:01,000 --> 00:00:02,000\na\n{line}\n\n2\n00:00:03,000 --> 00:00:04,000\nb", default);
        Assert.Equal([$"a {line}", "b"], file.Cues.Select(cue => cue.Text));
        Assert.Null(file.Warning);
    }

    [Fact]
    public void Text_before_the_first_cue_is_dropped()
    {
        var file = SubtitleParser.Parse("Subtitles by nobody\n\n1\n00:00:01,000 --> 00:00:02,000\na", default);
        Assert.Equal("a", Assert.Single(file.Cues).Text);
        Assert.Equal("1", Assert.Single(file.Dropped).Name);
    }
}
