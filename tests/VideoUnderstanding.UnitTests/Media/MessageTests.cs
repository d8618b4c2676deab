using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class MessageTests
{
    private static List<FrameMark> Marks(FrameMessages messages)
    {
        var marks = new List<FrameMark>();
        while (messages.Marks.TryRead(out var mark))
            marks.Add(mark);
        return marks;
    }

    [Fact]
    public void Marks_are_read_in_order_also_in_the_middle_of_another_message()
    {
        var messages = new FrameMessages();
        foreach (var line in (string[])["frame:0    pts:0       pts_time:0", "lavfi.scene_score=0.000000",
            "[hevc @ 0x55] frame:1    pts:5040000 pts_time:5.04", "Could not find ref with POC 61", "lavfi.scene_score=0.442605",
            "frame:2    pts:7200040000 pts_time:7200.04", "lavfi.scene_score=1.000000"])
            messages.Take(line);

        Assert.Equal([new(0, 0), new(5.04, 0.442605), new(7200.04, 1)], Marks(messages));
    }

    [Fact]
    public void A_picture_before_the_start_counts_as_shown_at_the_start()
    {
        var messages = new FrameMessages();
        messages.Take("frame:0    pts:-80000  pts_time:-0.08");
        messages.Take("lavfi.scene_score=0.000000");

        Assert.Equal([new(0, 0)], Marks(messages));
    }

    [Theory]
    [InlineData("Error while decoding stream #0:0: Invalid data found when processing input", 1)]
    [InlineData("file:/v.mp4: corrupt decoded frame in stream 0", 1)]
    [InlineData("[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] Error submitting packet to decoder: Invalid data", 1)]
    [InlineData("[dec:h264 @ 0x2] corrupt decoded frame", 1)]
    [InlineData("[hevc @ 0x5] Could not find ref with POC 61", 0)]
    public void Damaged_pictures_are_counted_once(string line, int count)
    {
        var messages = new FrameMessages();

        Assert.False(messages.Take(line));
        Assert.Equal(count, messages.Damaged);
    }

    [Theory]
    [InlineData("/data/videos/6b04/clip.avi: corrupt decoded frame in stream 0", " (corrupt decoded frame in stream 0)")]
    [InlineData("[matroska @ 0x55d0] [hevc @ 0x55d1] Could not find ref with POC 4", " (Could not find ref with POC 4)")]
    [InlineData("[in#0 @ 0x55d0] file:/my data/clip.mp4: Invalid data found.", " (Invalid data found)")]
    [InlineData("Error opening input /data/clip.mp4\n[mov,mp4 @ 0x55739ab57380] moov atom not found", " (moov atom not found)")]
    [InlineData("Error opening input /data/clip.mp4\n", "")]
    public void The_reason_names_neither_addresses_nor_files_of_the_server(string errorTail, string reason)
        => Assert.Equal(reason, ToolMessages.Reason(errorTail));

    [Fact]
    public void Long_lines_are_cut_and_only_the_last_messages_are_kept()
    {
        var seen = new List<string>();
        var lines = new ErrorLines(20, line =>
        {
            seen.Add(line);
            return line.StartsWith("data", StringComparison.Ordinal);
        });

        lines.Append("first li");
        lines.Append("ne\r\ndata 1\nlong " + new string('x', 100_000));
        lines.Append("\nlast line");
        lines.Complete();

        Assert.Equal(["first line", "data 1", "last line"], seen.Where(line => line.Length < 100));
        Assert.Equal(4096, seen.Max(line => line.Length));
        Assert.Equal(20, lines.Tail.Length);
        Assert.EndsWith("last line\n", lines.Tail, StringComparison.Ordinal);
    }
}
