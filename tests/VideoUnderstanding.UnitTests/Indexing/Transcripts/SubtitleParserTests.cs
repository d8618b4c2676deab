using System.Text;
using VideoUnderstanding.Indexing.Transcripts;

namespace VideoUnderstanding.UnitTests.Indexing.Transcripts;

public sealed class SubtitleParserTests
{
    [Theory]
    [InlineData("1\n00:00:01,000 --> 00:00:02,500\nHello\n")]
    [InlineData("\uFEFF1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n\r\n")]
    [InlineData("1\r00:00:01,000 --> 00:00:02,500\rHello")]
    [InlineData("00:00:01.000 --> 00:00:02.500\nHello")]
    [InlineData("1\n00:01,000 --> 00:02,5\nHello")]
    [InlineData("1\n00:00:01,000-->00:00:02,500 X1:10 X2:20 Y1:1 Y2:2\nHello")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.500\nHello")]
    [InlineData("\uFEFFWEBVTT - a title\nKind: captions\n\nintro\n00:00:01.000 --> 00:00:02.500 align:start position:10%\nHello\n")]
    [InlineData("WEBVTT\n\nNOTE\nnot --said\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:one\n\n00:01.000 --> 00:02.500\nHello\n")]
    [InlineData("\n\n\n7\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i>\n")]
    public void The_same_cue_is_read_from_every_form(string text)
        => Assert.Equal([new SubtitleCue(1, 2.5, "Hello")], SubtitleParser.Parse(text, default).Cues);

    [Theory]
    [InlineData("<v Fred Smith>Hi <b>you</b>", "Hi you")]
    [InlineData("{\\an8}Up here", "Up here")]
    [InlineData("Fish &amp; chips&nbsp;now", "Fish & chips now")]
    [InlineData("a <00:00:01.500>b", "a b")]
    [InlineData("3 < 4 and 5 > 4", "3 < 4 and 5 > 4")]
    [InlineData("one\ntwo", "one two")]
    [InlineData("&lt;b&gt;", "<b>")]
    public void Markup_is_removed_from_the_text(string written, string read)
        => Assert.Equal(read, Assert.Single(SubtitleParser.Parse($"1\n00:00:01,000 --> 00:00:02,000\n{written}\n", default).Cues).Text);

    [Fact]
    public void Hours_minutes_and_fractions_add_up()
        => Assert.Equal(new SubtitleCue(3723.25, 36000.004, "x"),
            Assert.Single(SubtitleParser.Parse("1\n01:02:03,25 --> 10:00:00,004\nx", default).Cues));

    [Fact]
    public void Cues_come_in_order_of_their_start_and_may_overlap()
    {
        var cues = SubtitleParser.Parse("1\n00:00:05,000 --> 00:00:09,000\nlate\n\n2\n00:00:01,000 --> 00:00:06,000\nearly\n", default);
        Assert.Equal(["early", "late"], cues.Cues.Select(cue => cue.Text));
    }

    [Fact]
    public void Cues_without_text_or_length_are_left_out()
        => Assert.Equal(["b"],
            SubtitleParser.Parse(
                "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nb\n\n3\n00:00:05,000 --> 00:00:05,000\nc\n", default)
                .Cues.Select(cue => cue.Text));

    [Fact]
    public void A_missing_blank_line_between_cues_does_not_mix_them()
        => Assert.Equal(["a", "b"],
            SubtitleParser.Parse("1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb", default)
                .Cues.Select(cue => cue.Text));

    [Fact]
    public void Text_after_a_stray_blank_line_stays_with_its_cue()
        => Assert.Equal("a b", Assert.Single(SubtitleParser.Parse("1\n00:00:01,000 --> 00:00:02,000\na\n\nb\n", default).Cues).Text);

    /// <summary>Allocated memory shows whether the text of a cue is copied for each of its lines: that would be 800 MB here, and hours of
    /// work for the largest allowed file.</summary>
    [Theory]
    [InlineData("a\n")]
    [InlineData("\na\n")]
    public void Cues_with_many_lines_are_joined_in_linear_time(string line)
    {
        var text = $"1\n00:00:01,000 --> 00:00:02,000\nfirst\n\n{string.Concat(Enumerable.Repeat(line, 20_000))}";
        var before = GC.GetAllocatedBytesForCurrentThread();

        var cue = Assert.Single(SubtitleParser.Parse(text, default).Cues);

        Assert.Equal($"first{string.Concat(Enumerable.Repeat(" a", 20_000))}", cue.Text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Theory]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\na\n\nb")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\na")]
    public void Reading_can_be_cancelled(string text)
        => Assert.Throws<OperationCanceledException>(() => SubtitleParser.Parse(text, new CancellationToken(canceled: true)));

    [Fact]
    public void A_vtt_file_without_cues_is_an_empty_transcript() => Assert.Empty(SubtitleParser.Parse("WEBVTT\n", default).Cues);

    [Theory]
    [InlineData("", "Line 1")]
    [InlineData("just words\nand more", "Line 1")]
    [InlineData("1\n00:00:01,000 --> later\nx", "Line 2")]
    [InlineData("1\n00:00:05,000 --> 00:00:02,000\nx", "Line 2")]
    [InlineData("1\n00:99:01,000 --> 00:99:02,000\nx", "Line 2")]
    [InlineData("WEBVTT\n\nname\n", "Line")]
    [InlineData("WEBVTTX\n\n00:01.000 --> 00:02.000\nx", "Line 1")]
    [InlineData("a\0b", "Line 1")]
    public void A_file_that_is_no_transcript_is_refused_with_the_line(string text, string line)
        => Assert.StartsWith(line, Assert.Throws<FormatException>(() => SubtitleParser.Parse(text, default)).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_transcript_over_the_size_bound_is_refused()
        => await Assert.ThrowsAsync<FormatException>(
            () => SubtitleParser.ReadAsync(new MemoryStream(new byte[SubtitleParser.MaxBytes + 1]), TestContext.Current.CancellationToken));

    [Fact]
    public void Damaged_files_give_cues_or_a_FormatException()
    {
        const string junk = "\n:.,->< &;{}\\\0\uFEFF9x";
        var random = new Random(7);
        var good =
            "WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.500 align:start\n<v A>Hello &amp;\n\n00:00:03.000 --> 00:00:04.000\n{\\an8}bye\n";
        for (var round = 0; round < 3000; round++)
        {
            var damaged = new StringBuilder(good);
            for (var hits = random.Next(1, 8); hits > 0; hits--)
                damaged[random.Next(damaged.Length)] = junk[random.Next(junk.Length)];
            try
            {
                Assert.All(SubtitleParser.Parse(damaged.ToString(), default).Cues,
                    cue => Assert.True(cue.End > cue.Start && cue.Text.Length > 0));
            }
            catch (FormatException)
            {
                // A FormatException is the other allowed result.
            }
        }
    }
}
