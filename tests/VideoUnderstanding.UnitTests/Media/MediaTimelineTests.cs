using System.Globalization;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class MediaTimelineTests
{
    private static MediaInfo Describe(ProbeReport header, params string[] packets)
    {
        var scan = Scan(header, packets);
        return MediaTimeline.Describe(header, MediaTimeline.Clock(header, scan), scan);
    }

    private static PacketScan Scan(ProbeReport header, params string[] packets)
    {
        var scan = new PacketScan(header, new MediaToolOptions { MaxPictures = 2000 });
        foreach (var line in packets)
            if (PacketStamp.ParseProbe(line) is { } packet)
                scan.Add(packet);
        return scan;
    }

    // As ffprobe writes them: stream, pts, dts, duration, flags.
    private static string[] Pictures(double from, int count, double step, string length = "0.04", string flags = "K_")
        => [.. Enumerable.Range(0, count).Select(i => (from + i * step).ToString("0.######", CultureInfo.InvariantCulture))
            .Select(time => $"0,{time},{time},{length},{flags}")];

    private static ProbeReport Header(string container, double? end = null, double start = 0)
        => CompletenessTests.Header(container, end, start);

    [Fact]
    public void Time_0_is_the_first_picture_and_the_length_is_measured_from_there()
    {
        var info = Describe(Header("matroska,webm", 16, 1000), [.. Pictures(1000, 400, 0.04), "1,999.977,999.977,0.023,K_"]);

        Assert.Equal((1000, 16.0), (info.Clock.Origin, Math.Round(info.DurationSeconds, 6)));
        Assert.Equal(ClockKind.Stamped, info.Clock.Kind);
    }

    [Fact]
    public void Pictures_before_the_first_key_picture_are_not_shown()
    {
        // The second to last picture depends on the key picture but is shown before it, so it cannot be decoded either.
        var info = Describe(Header("mpegts"), "0,1.00,0.92,0.04,__", "0,1.04,0.96,0.04,__", "0,1.20,1.00,0.04,K_", "0,1.16,1.04,0.04,__",
            "0,1.24,1.08,0.04,__");

        Assert.Equal(1.2, info.Clock.Origin);
        Assert.Equal(0.08, info.DurationSeconds, 1e-9);
    }

    [Fact]
    public void Frames_hidden_by_an_edit_list_are_ignored()
    {
        var info = Describe(Header("mov,mp4", 5), [.. Pictures(-1, 25, 0.04, flags: "KD"), .. Pictures(0, 125, 0.04),
            .. Pictures(5, 50, 0.04, flags: "_D")]);

        Assert.Equal((0, 5.0, 25), (info.Clock.Origin, Math.Round(info.DurationSeconds, 6), info.Video!.FramesPerSecond));
    }

    [Fact]
    public void The_last_slide_has_the_duration_of_its_packet()
        => Assert.Equal(80, Describe(Header("mov,mp4"), "0,0,0,10,K_", "0,10,10,10,K_", "0,20,20,60,K_").DurationSeconds, 1e-9);

    [Fact]
    public void The_frame_rate_is_that_of_the_frames_not_of_the_ticks()
    {
        var header = Header("matroska,webm");
        header = header with { Pictures = [header.Pictures[0] with { FramesPerSecond = 1000, TickRate = 1000 }] };

        var video = Describe(header, Pictures(0.007, 230, 0.0696, "0.001")).Video!;

        Assert.Equal(14.37, video.FramesPerSecond, 0.02);
        Assert.Equal(30, video.TickRate);
        Assert.Equal(16, video.EndSeconds!.Value, 0.02);
    }

    [Theory]
    [InlineData(25)]
    // The average rate in the header of an MP4 file.
    [InlineData(5.88)]
    public void A_gap_does_not_change_the_rate_of_the_frames(double average)
    {
        var header = Header("mov,mp4");
        header = header with { Pictures = [header.Pictures[0] with { FramesPerSecond = average }] };

        Assert.Equal(25, Describe(header, [.. Pictures(0, 100, 0.04), .. Pictures(30, 100, 0.04)]).Video!.FramesPerSecond);
    }

    [Theory]
    [InlineData(true, 25)]
    [InlineData(false, 50)]
    public void Two_fields_of_a_camera_are_one_frame(bool interlaced, double rate)
    {
        var header = Header("mpegts") with { Interlaced = new HashSet<int>(interlaced ? [0] : []) };

        Assert.Equal(rate, Describe(header, Pictures(1, 400, 0.02, "0.02")).Video!.FramesPerSecond, 0.1);
    }

    [Theory]
    [InlineData(2095.05, 2095.05)]
    // An end that is absurdly late, and one that is too early.
    [InlineData(90_000.0, 2095.0)]
    [InlineData(1000.0, 2095.0)]
    public void An_end_in_the_header_counts_only_near_the_last_picture(double declared, double expected)
    {
        var header = Header("matroska,webm", declared);
        var picture = header.Pictures[0] with { FramesPerSecond = 1000, EndSeconds = null };
        header = header with { Pictures = [picture], Sounds = [], Tracks = 1 };

        Assert.Equal(expected, Describe(header, Pictures(0, 419, 5, "0.001")).DurationSeconds, 0.1);
    }

    [Fact]
    public void Restarts_and_jumps_are_corrected_but_gaps_are_kept()
    {
        Assert.True(Scan(Header("mpegts"), [.. Pictures(1.4, 100, 0.04), .. Pictures(1.4, 100, 0.04)]).Restarts);
        Assert.True(Scan(Header("mpegts"), [.. Pictures(1.4, 100, 0.04), .. Pictures(30_000, 100, 0.04)]).Restarts);
        Assert.False(Scan(Header("mpegts"), [.. Pictures(1.4, 100, 0.04), .. Pictures(9, 100, 0.04)]).Restarts);
        // The sound continues, so only the pictures pause.
        Assert.False(Scan(Header("mpegts"), [.. Pictures(1.4, 100, 0.04), "1,29,29,0.02,K_", .. Pictures(30, 100, 0.04)]).Restarts);
        Assert.False(Scan(Header("mpegts"), Pictures(0, 10, 20)).Restarts);
        Assert.False(Scan(Header("matroska,webm"), [.. Pictures(1.4, 100, 0.04), .. Pictures(30_000, 100, 0.04)]).Restarts);
    }

    [Fact]
    public void Parts_are_joined_by_a_suitable_demuxer()
    {
        var header = Header("flv");

        var clock = MediaTimeline.Clock(header, Scan(header, [.. Pictures(0, 100, 0.04), .. Pictures(0, 100, 0.04), "1,0,0,0.02,K_"]));

        Assert.Equal((ClockKind.Corrected, "live_flv"), (clock.Kind, clock.Demuxer));
        Assert.Equal([0, 1], clock.Streams);
    }

    [Fact]
    public void Raw_video_streams_get_their_times_from_the_number_of_pictures()
    {
        var info = Describe(Header("h264") with { Sounds = [] }, [.. Enumerable.Repeat("0,N/A,N/A,0.04,K_", 400)]);

        Assert.Equal((ClockKind.Counted, 25.0, 16.0), (info.Clock.Kind, info.Clock.CountedRate, info.DurationSeconds));
    }

    [Fact]
    public void A_track_without_packets_is_ignored()
    {
        Assert.Null(Describe(Header("mov,mp4", 100), Pictures(0, 10, 0.04)).Audio);
        Assert.Throws<MediaException>(() => Describe(Header("mov,mp4", 100)));
    }

    [Fact]
    public void Pictures_are_counted_against_their_limit()
        => Assert.Contains("more than 2000 pictures",
            Assert.Throws<MediaException>(() => Scan(Header("mov,mp4"), Pictures(0, 2001, 0.04))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0,  -5110,  2090,  3600,  2768, 0x5a87d8bb, S=1,  1, 0x1", 7, true, false)]
    [InlineData("0,  -1510,  2090,  3600,  26, 0xd0b81625, F=0x0", 7, false, false)]
    [InlineData("1,  0,  2090,  2089,  26, 0xd0b81625, F=0x5", 9, true, true)]
    public void Corrected_timestamps_are_read_from_framecrc(string line, int stream, bool key, bool discarded)
    {
        var packet = PacketStamp.ParseChecksums(line, [7, 9], [1 / 90_000.0, 1 / 90_000.0])!.Value;

        Assert.Equal((stream, key, discarded), (packet.Stream, packet.Key, packet.Discarded));
        Assert.Equal(2090 / 90_000.0, packet.Pts!.Value, 1e-9);
    }

    [Theory]
    [InlineData("#tb 0: 1/90000")]
    [InlineData("")]
    [InlineData("2, 0, 0, 0, 0, 0x0")]
    public void Other_lines_are_no_packets(string line) => Assert.Null(PacketStamp.ParseChecksums(line, [7, 9], [1, 1]));
}
