using VideoUnderstanding.Media;
using VideoUnderstanding.Media.KeptPictures;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class CommandTests
{
    private static readonly VideoTrack Track = new(2, "h264", 1920, 1080, 25, 0) { TickRate = 25 };

    private static readonly MediaClock Late = new() { Origin = 8000.04 };
    private static readonly MediaClock Joined = new() { Kind = ClockKind.Corrected, Origin = 0.02, Streams = [2, 1] };

    private static string[] Frames(VideoTrack track, MediaClock? clock = null, string path = "/videos/a.mp4")
        => FrameCommand.Arguments(new InputFile(path, "mov"), track, clock ?? new MediaClock(), new FrameSampling(1, 0.3, 1280),
            PictureSize.Fit(track, 1280), new MediaToolOptions { Threads = 2 });

    [Fact]
    public void Kept_pictures_are_scaled_and_the_table_after_them_is_not_decoded()
    {
        var size = PictureSize.FitShortSide(1280, 720, 384);
        var table = new PictureTable(9, 682, 384, [new(0.5, 0, true), new(1.5, 1, false)]);
        var (write, read) = (KeptPictureWriter.Arguments(1280, 720, size), KeptPictureReader.Arguments("/pictures/a", table));

        Assert.Equal(new PictureSize(682, 384), size);
        Assert.Equal(new PictureSize(240, 320), PictureSize.FitShortSide(240, 320, 384));
        Assert.Equal(("1280x720", "pipe"), (After(write, "-video_size"), After(write, "-protocol_whitelist")));
        Assert.StartsWith("scale=w=682:h=384:", After(write, "-vf"), StringComparison.Ordinal);
        Assert.Equal(("2", "file:/pictures/a"), (After(read, "-frames:v"), After(read, "-i")));
    }

    private static string After(string[] arguments, string option) => arguments[Array.IndexOf(arguments, option) + 1];

    [Fact]
    public void Every_command_opens_one_local_file_of_an_allowed_kind_and_nothing_else()
    {
        var (file, options) = (new InputFile("/videos/a.mp4", "mov"), new MediaToolOptions { MaxTracks = 7, MaxPixels = 99 });
        string[][] commands =
        [
            FrameCommand.Arguments(file, Track, Late, new FrameSampling(1, 0.3, 1280), PictureSize.Fit(Track, 1280), options),
            SoundReader.Arguments(file, new AudioTrack(1, "aac", 44_100, 2), Late, options),
            ThumbnailWriter.Arguments(file, Track, Late, 1, 1, 640, options), ProbeReport.Arguments(file, options),
            ThumbnailWriter.CutArguments(file, Track, Joined, 30, options), PacketScan.Arguments(file, 5, options),
            PacketScan.JoiningArguments(file, Joined, options),
        ];

        Assert.All(commands, command =>
        {
            Assert.Equal("file,pipe", After(command, "-protocol_whitelist"));
            Assert.Contains("matroska", After(command, "-format_whitelist").Split(','));
            // An option of the input precedes the file's name.
            Assert.Equal("mov", After([.. command.TakeWhile(word => word != "file:/videos/a.mp4")], "-f"));
            Assert.Equal(("7", "99"), (After(command, "-max_streams"), After(command, "-max_pixels")));
            Assert.Equal(1, command.Count(word => word == "file:/videos/a.mp4"));
        });
    }

    [Theory]
    [InlineData("hls")]
    [InlineData("dash")]
    [InlineData("concat")]
    [InlineData("image2")]
    [InlineData("lavfi")]
    [InlineData("sdp")]
    [InlineData("tty")]
    public void Demuxers_that_open_other_things_are_not_allowed(string demuxer)
        => Assert.DoesNotContain(demuxer, Containers.Allowed.Split(','));

    [Theory]
    [InlineData("/v/-i evil.mp4")]
    [InlineData("/v/http:\"x\" -y.mp4")]
    [InlineData("/v/INPUT")]
    public void Any_file_name_stays_one_argument(string path)
        => Assert.Equal("file:" + path, After(Frames(Track, path: path), "-i"));

    [Fact]
    public void The_frame_command_has_the_expected_arguments()
    {
        var filters = After(Frames(Track), "-vf");

        Assert.Equal(
            @"setpts=PTS-(0)/TB, fps=25, select=if(lt(t\,0)\,0\,if(eq(n\,0)\,1\,if(gt(scene\,0.3)*gte(t+1-ld(0)\,0.2)\,"
                + @"st(0\,t+1)\,gt(floor(t*1+0.5001)\,floor(prev_t*1+0.5001))))), "
                + @"scale=w=1280:h=720:flags=lanczos+accurate_rnd+full_chroma_int:in_color_matrix=bt709, setsar=1, format=rgb24, "
                + @"settb=1/1000000, "
                + @"metadata=mode=print:key=lavfi.scene_score:file=pipe\\:2:direct=1", filters);
        Assert.Equal(("0:2", "passthrough", "rawvideo", "2"),
            (After(Frames(Track), "-map"), After(Frames(Track), "-fps_mode"),
                After([.. Frames(Track).SkipWhile(word => word != "-map")], "-f"), After(Frames(Track), "-threads")));
        Assert.Equal("pipe:1", Frames(Track)[^1]);
    }

    [Fact]
    public void A_colour_matrix_of_the_file_is_not_overridden()
        => Assert.DoesNotContain("in_color_matrix", After(Frames(Track with { ColorMatrix = "bt2020nc" }), "-vf"),
            StringComparison.Ordinal);

    [Fact]
    public void Frames_sound_and_thumbnails_have_the_same_time_0()
    {
        var file = new InputFile("/videos/a.mkv", "matroska");
        var sound = SoundReader.Arguments(file, new AudioTrack(1, "aac", 44_100, 2), Late, new MediaToolOptions());
        var thumbnail = ThumbnailWriter.Arguments(file, Track, Late, 12, 12.5, 640, new MediaToolOptions());

        Assert.StartsWith("setpts=PTS-(8000.04)/TB, ", After(Frames(Track, Late), "-vf"), StringComparison.Ordinal);
        Assert.StartsWith("setpts=PTS-(8000.04)/TB, ", After(thumbnail, "-vf"), StringComparison.Ordinal);
        Assert.StartsWith("asetpts=PTS-(8000.04)/TB,", After(sound, "-af"), StringComparison.Ordinal);
        Assert.Equal(("8012.04", "1"), (After(thumbnail, "-ss"), After(thumbnail, "-seek_timestamp")));
        Assert.All((string[][])[Frames(Track, Late), sound, thumbnail], command => Assert.Contains("-copyts", command));
    }

    [Fact]
    public void Every_command_joins_parts_in_the_same_way()
    {
        var sound = SoundReader.Arguments(new InputFile("/v/a.ts", "mpegts"), new AudioTrack(1, "aac", 44_100, 2), Joined,
            new MediaToolOptions());

        Assert.All((string[][])[Frames(Track, Joined), sound], command =>
        {
            Assert.DoesNotContain("-copyts", command);
            Assert.Equal(["-map", "0:2", "-map", "0:1", "-c", "copy", "-copyinkf", "-f", "null", "-"], command[^10..]);
        });
    }

    [Fact]
    public void Frames_without_timestamps_are_counted()
        => Assert.StartsWith("setpts=N/(12.5*TB), ",
            After(Frames(Track, new MediaClock { Kind = ClockKind.Counted, CountedRate = 12.5 }), "-vf"), StringComparison.Ordinal);

    [Theory]
    [InlineData(DynamicRange.Pq, "78.84375")]
    [InlineData(DynamicRange.Hlg, "0.17883277")]
    public void High_dynamic_range_is_mapped_after_scaling(DynamicRange range, string constant)
    {
        var filters = After(Frames(Track with { DynamicRange = range }), "-vf");

        Assert.Contains("in_color_matrix=bt2020, setsar=1, format=gbrp16, lutrgb=r=st(0\\,", filters, StringComparison.Ordinal);
        Assert.Contains(constant, filters, StringComparison.Ordinal);
        Assert.DoesNotContain("lutrgb", After(Frames(Track), "-vf"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(25, 25, 25)]
    [InlineData(24.5, 1000, 60)]
    [InlineData(24.5, 0, 24.5)]
    [InlineData(0, 0, 30)]
    [InlineData(1, 1, 10)]
    [InlineData(0.1, 0.1, 10)]
    [InlineData(1.5, 1.5, 10.5)]
    [InlineData(4, 4, 12)]
    [InlineData(12.5, 12.5, 12.5)]
    public void Frames_use_the_rate_of_the_track_or_a_multiple_for_slow_tracks(
        double average, double tick, double expected)
        => Assert.Equal(expected,
            FrameCommand.TickRate(new VideoTrack(0, "vp9", 2, 2, average, 0) { TickRate = tick }, new FrameSampling(1, 0.3, 1280)));

    [Theory]
    [InlineData(1920, 1080, 1280, 1280, 720)]
    [InlineData(1080, 1920, 1280, 720, 1280)]
    [InlineData(853, 481, 1280, 852, 480)]
    [InlineData(640, 360, 1280, 640, 360)]
    [InlineData(1, 1, 1280, 2, 2)]
    [InlineData(4000, 10, 1000, 1000, 2)]
    public void Pictures_fit_the_long_side(int width, int height, int longSide, int expectedWidth, int expectedHeight)
        => Assert.Equal(new PictureSize(expectedWidth, expectedHeight),
            PictureSize.Fit(new VideoTrack(0, "h264", width, height, 25, 0), longSide));

    [Theory]
    [InlineData("a b", new[] { "a", "b" })]
    [InlineData("-vf \"x=1, y=2\" -an", new[] { "-vf", "x=1, y=2", "-an" })]
    [InlineData("a  \"\" b", new[] { "a", "", "b" })]
    [InlineData("", new string[0])]
    public void A_command_line_is_split_into_arguments(string line, string[] words) => Assert.Equal(words, FFmpegCommand.Words(line));
}
