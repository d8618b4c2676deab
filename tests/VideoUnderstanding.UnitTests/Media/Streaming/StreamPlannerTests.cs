using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Streaming;

namespace VideoUnderstanding.UnitTests.Media.Streaming;

/// <summary>Segment borders, from the packets that FFmpeg printed.</summary>
public sealed class StreamPlannerTests
{
    private const int Rate = 25;

    /// <summary>The first lines for a real file: B-frames, a sound track, and one IDR picture at the start.</summary>
    private static readonly string[] Recorded =
    [
        "#software: Lavf59.27.100", "#tb 0: 1/30000", "#media_type 0: video", "#tb 1: 1/30000", "#tb 2: 1/44100",
        "0,      -2002,          0,     1001,     8145, 0xf08759b8", "1,      -2002,          0,     1001,     7458, 0x9213720e",
        "2,      -1024,      -1024,     1024,      230, 0x8aa86b4f, S=1,       10",
        "0,      -1001,       3003,     1001,     4065, 0xab41e627, F=0x0",
        "2,          0,          0,     1024,      230, 0x8aa86b4f",
    ];

    [Fact]
    public void Packets_are_read_from_the_lines_of_FFmpeg()
    {
        var packets = new PacketList();
        foreach (var line in Recorded)
            packets.Add(line);

        Assert.Equal([(-2002, 0), (-1001, 3003)],
            packets.Pictures.Select(packet => ((int)Math.Round(packet.Decoded * 30000), (int)Math.Round(packet.Shown * 30000))));
        Assert.Equal([0.0], packets.Refreshes);
        Assert.Equal([-1024 / 44100.0, 0], packets.Sounds);
        Assert.True(packets.IsPlain);
    }

    [Theory]
    [InlineData("0, -2002, -9223372036854775808, 1001, 8145, 0x0")]
    [InlineData("0, -2002, 0, 1001, 8145, 0x0, F=0x5")]
    public void A_packet_without_a_time_or_before_the_start_of_an_edit_cannot_be_copied(string line)
    {
        var packets = new PacketList();
        packets.Add("#tb 0: 1/30000");
        packets.Add(line);
        Assert.False(packets.IsPlain);
    }

    [Fact]
    public void Copied_segments_begin_at_the_first_key_frame_after_six_seconds()
    {
        var plan = Plan(30, Packets(30, [0, 2, 5, 7, 11, 12.5, 20, 29]));

        Assert.True(plan.IsCopied);
        Assert.Equal([0, 7, 20, 29], plan.Segments.Select(segment => segment.Key));
        Assert.Equal([7, 13, 9, 1], plan.Segments.Select(segment => Math.Round(segment.Seconds, 6)));
        // Halfway to the packet before.
        Assert.Equal(7 - 0.5 / Rate, plan.Segments[1].Cut, 6);
        Assert.Equal(
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:13\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"
                + "#EXT-X-INDEPENDENT-SEGMENTS\n#EXTINF:7.003000,\n0.ts\n#EXTINF:13.000000,\n1.ts\n#EXTINF:9.000000,\n2.ts\n"
                + "#EXTINF:1.000000,\n3.ts\n#EXT-X-ENDLIST\n", plan.ToPlaylist());
    }

    [Fact]
    public void With_sound_a_segment_begins_at_its_first_packet_of_sound()
    {
        var packets = Packets(14, [0, 7]);
        packets.Add("#tb 2: 1/1000");
        for (var time = 0; time < 14_000; time += 15)
            packets.Add($"2, {time}, {time}, 15, 9, 0x0");
        var plan = Plan(14, packets, hasSound: true);
        // The cut is at 6.98; packets begin at 6.975 and 6.990.
        Assert.Equal((true, 6.99), (plan.IsCopied, Math.Round(plan.Segments[1].Start, 6)));
    }

    [Fact]
    public void Videos_with_distant_key_frames_unplayable_profile_or_late_sound_are_encoded()
    {
        Assert.False(Plan(60, Packets(60, [0, 21])).IsCopied);
        Assert.False(Plan(30, null).IsCopied);
        var late = Packets(30, [0, 7, 14, 21]);
        late.Add("#tb 2: 1/1000");
        late.Add("2, 5000, 5000, 20000, 9, 0x0");
        Assert.False(Plan(30, late, hasSound: true).IsCopied);
    }

    [Fact]
    public void Encoded_segments_have_a_whole_number_of_pictures()
    {
        var plan = Plan(60, null, rate: 30000 / 1001.0);
        Assert.Equal(180 * 1001 / 30000.0, plan.Segments[0].Seconds, 6);
        Assert.All(plan.Segments.Zip(plan.Segments.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        Assert.Equal(60, plan.Segments[^1].End, 3);
    }

    [Theory]
    [InlineData(60, 30)]
    [InlineData(0.1, 10)]
    [InlineData(0, 25)]
    public void The_rate_of_encoded_pictures_is_bounded(double rate, double expected)
        => Assert.Equal(expected, Plan(30, null, rate: rate).FramesPerSecond);

    /// <param name="packets">Null for tracks that browsers cannot play.</param>
    private static StreamPlan Plan(double seconds, PacketList? packets, bool hasSound = false, double rate = Rate)
        => StreamPlanner.Plan(new MediaInfo("mov,mp4", seconds, 0, new VideoTrack(0, "h264", 640, 360, rate, 0),
            hasSound ? new AudioTrack(1, "aac", 48000, 2) : null), packets);

    private static PacketList Packets(int seconds, double[] keys)
    {
        var packets = new PacketList();
        packets.Add($"#tb 0: 1/{Rate}");
        packets.Add($"#tb 1: 1/{Rate}");
        for (var frame = 0; frame < seconds * Rate; frame++)
        {
            packets.Add($"0, {frame}, {frame}, 1, 100, 0x0");
            if (keys.Contains(frame / (double)Rate))
                packets.Add($"1, {frame}, {frame}, 1, 100, 0x0");
        }
        return packets;
    }
}
