using System.Runtime.CompilerServices;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class ProbeReportTests
{
    private static MediaInfo Parse(string streams, string format = "\"format_name\":\"mov\",\"duration\":\"10.0\"")
        => ProbeReport.Parse($"{{\"streams\":[{streams}],\"format\":{{{format}}}}}", 1).Info;

    private static string Video(string more = "")
        => $"{{\"index\":0,\"codec_type\":\"video\",\"codec_name\":\"h264\",\"width\":640,\"height\":360{more}}}";

    [Fact]
    public void A_recorded_rotated_clip_has_its_displayed_size()
    {
        var info = ProbeReport.Parse(RecordedOutput.Read("rotated.json"), 53_428).Info;

        Assert.Equal(new VideoTrack(0, "h264", 270, 480, 30, 270) { EndSeconds = 4, TickRate = 30, ColorMatrix = "bt709" }, info.Video);
        Assert.Equal((53_428, 4.0, null), (info.SizeBytes, info.DurationSeconds, info.Audio));
        Assert.Equal(270, info.Video!.ShortSide);
    }

    [Fact]
    public void A_recorded_matroska_file_takes_its_start_from_the_file_and_its_tracks_end_from_the_tag()
    {
        var report = ProbeReport.Parse(RecordedOutput.Read("matroska.json"), 1);

        Assert.Equal(0.08, report.StartSeconds);
        Assert.Equal(10, report.Info.DurationSeconds);
        Assert.Equal(("hevc", 12.5), (report.Info.Video!.Codec, report.Info.Video.FramesPerSecond));
    }

    [Fact]
    public void A_recorded_variable_rate_has_an_average_and_a_tick()
    {
        var video = ProbeReport.Parse(RecordedOutput.Read("variable-rate.json"), 1).Info.Video!;

        Assert.Equal(37232 / 2715.0, video.FramesPerSecond, 1e-9);
        Assert.Equal(179 / 6.0, video.TickRate, 1e-9);
    }

    [Fact]
    public void A_recorded_surround_track_is_read()
        => Assert.Equal(new AudioTrack(1, "aac", 48_000, 6) { EndSeconds = 30.016 },
            ProbeReport.Parse(RecordedOutput.Read("surround.json"), 1).Info.Audio);

    [Theory]
    [InlineData(",\"side_data_list\":[{\"rotation\":-90}]", 90)]
    [InlineData(",\"side_data_list\":[{\"rotation\":90}]", 270)]
    [InlineData(",\"side_data_list\":[{\"rotation\":-180}]", 180)]
    [InlineData(",\"side_data_list\":[{},{\"rotation\":-270}]", 270)]
    [InlineData(",\"tags\":{\"rotate\":\"90\"}", 90)]
    [InlineData(",\"tags\":{\"rotate\":\"-90\"}", 270)]
    [InlineData(",\"tags\":{\"rotate\":\"sideways\"}", 0)]
    [InlineData(",\"tags\":{\"rotate\":\"90\"},\"side_data_list\":[{\"rotation\":-180}]", 180)]
    [InlineData(",\"side_data_list\":[{\"rotation\":-13}]", 0)]
    [InlineData("", 0)]
    public void Rotation_is_clockwise_and_the_matrix_has_priority_over_the_tag(string more, int rotation)
        => Assert.Equal(rotation, Parse(Video(more)).Video!.Rotation);

    [Theory]
    [InlineData(",\"sample_aspect_ratio\":\"64:45\"", 910)]
    [InlineData(",\"sample_aspect_ratio\":\"0:1\"", 640)]
    [InlineData(",\"sample_aspect_ratio\":\"N/A\"", 640)]
    [InlineData(",\"sample_aspect_ratio\":\"1:0\"", 640)]
    public void The_pixel_aspect_ratio_is_applied_to_the_width(string more, int width)
        => Assert.Equal(width, Parse(Video(more)).Video!.Width);

    [Fact]
    public void The_average_rate_falls_back_on_the_tick()
        => Assert.Equal(25, Parse(Video(",\"avg_frame_rate\":\"0/0\",\"r_frame_rate\":\"25/1\"")).Video!.FramesPerSecond);

    [Fact]
    public void Cover_art_is_ignored()
    {
        var cover = Video(",\"disposition\":{\"attached_pic\":1}");
        var film = Video(",\"disposition\":{\"attached_pic\":0}").Replace("\"index\":0", "\"index\":3", StringComparison.Ordinal);

        Assert.Equal(3, Parse($"{cover},{film}").Video!.StreamIndex);
    }

    [Fact]
    public void The_default_tracks_come_first()
    {
        var report = ProbeReport.Parse(RecordedOutput.Read("default-tracks.json"), 1);

        Assert.Equal([2, 0], report.Pictures.Select(track => track.StreamIndex));
        Assert.Equal([3, 1], report.Sounds.Select(track => track.StreamIndex));
        Assert.Equal((2, 3), (report.Info.Video!.StreamIndex, report.Info.Audio!.StreamIndex));
    }

    [Fact]
    public void An_undecodable_picture_track_is_ignored()
    {
        var unknown = Video().Replace("h264", "unknown", StringComparison.Ordinal);

        Assert.Equal(3, Parse($"{unknown},{Video().Replace("\"index\":0", "\"index\":3", StringComparison.Ordinal)}").Video!.StreamIndex);
    }

    [Theory]
    [InlineData("smpte2084", DynamicRange.Pq)]
    [InlineData("arib-std-b67", DynamicRange.Hlg)]
    [InlineData("bt709", DynamicRange.Standard)]
    [InlineData("unknown", DynamicRange.Standard)]
    public void High_dynamic_range_is_detected_by_the_transfer_function(string transfer, DynamicRange range)
        => Assert.Equal(range, Parse(Video($",\"color_transfer\":\"{transfer}\"")).Video!.DynamicRange);

    [Fact]
    public void A_recorded_late_start_has_its_end_as_timestamp()
    {
        var report = ProbeReport.Parse(RecordedOutput.Read("late-matroska.json"), 1);

        Assert.Equal((999.977, 1016.0), (report.StartSeconds, report.DeclaredEnd));
        Assert.Equal(1016, report.EndHint(report.Info.Video!.EndSeconds)!.Value, 1e-9);
    }

    [Fact]
    public void The_end_of_subtitles_is_not_used_as_the_end_of_the_film()
    {
        var report = ProbeReport.Parse(RecordedOutput.Read("long-subtitles.json"), 1);

        Assert.Equal(6000.023, report.DeclaredEnd);
        Assert.Equal(16.023, report.EndHint(report.Info.Video!.EndSeconds)!.Value, 1e-9);
        Assert.Null(report.EndHint(null));
    }

    [Fact]
    public void Without_a_length_of_the_file_the_longest_track_counts()
        => Assert.Equal(12.5,
            Parse(Video(",\"duration\":\"12.5\"") + ",{\"index\":1,\"codec_type\":\"audio\",\"codec_name\":\"aac\",\"duration\":\"11\"}",
                "\"format_name\":\"avi\"").DurationSeconds);

    [Fact]
    public void The_end_of_a_track_is_its_start_plus_its_duration()
        => Assert.Equal(7,
            Parse(Video(",\"start_time\":\"3.0\",\"duration\":\"5.0\""),
                "\"format_name\":\"mov\",\"start_time\":\"1.0\",\"duration\":\"7\"").Video!.EndSeconds);

    [Fact]
    public void The_end_of_a_track_may_be_a_tag_with_nine_digits()
        => Assert.Equal(65.5, Parse(Video(",\"tags\":{\"DURATION\":\"00:01:05.500000000\"}")).Video!.EndSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("{\"index\":0,\"codec_type\":\"subtitle\"}")]
    [InlineData("{\"index\":0,\"codec_type\":\"video\",\"codec_name\":\"h264\",\"width\":0,\"height\":0}")]
    [InlineData("{\"index\":0,\"codec_type\":\"video\",\"codec_name\":\"unknown\",\"width\":64,\"height\":64}")]
    public void A_file_without_picture_and_sound_is_refused(string streams)
        => Assert.Throws<MediaException>(() => Parse(streams));
}

/// <summary>Recorded output of ffprobe for real files.</summary>
internal static class RecordedOutput
{
    public static string Read(string name, [CallerFilePath] string here = "")
        => File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "Recorded", name));
}
