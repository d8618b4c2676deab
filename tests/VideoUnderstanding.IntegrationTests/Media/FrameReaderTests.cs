using VideoUnderstanding.Media;
using static VideoUnderstanding.IntegrationTests.Media.ClipFolder;

namespace VideoUnderstanding.IntegrationTests.Media;

public sealed class FrameReaderTests : IDisposable
{
    private readonly ClipFolder _clips = new();

    public void Dispose() => _clips.Dispose();

    [Theory]
    [InlineData(1.0, 8)]
    [InlineData(2.5, 20)]
    [InlineData(0.4, 3)]
    [InlineData(10.0, 80)]
    public async Task Each_frame_is_the_picture_shown_in_the_middle_of_its_interval(double rate, int count)
    {
        var clip = await _clips.DrawGraphAsync("numbered.mp4", Numbered);

        var frames = await _clips.ReadFramesAsync(clip, new FrameSampling(rate, 0.3, 1280));

        Assert.Equal(count, frames.Count);
        Assert.All(frames, (frame, k) =>
        {
            Assert.InRange(frame.Time - (k + 0.5) / rate, -0.0001, 0.0401);
            Assert.Equal((int)Math.Round(frame.Time * 25), Number(frame));
            Assert.Equal((k / rate, k == 0), (frame.Start, frame.StartsShot));
        });
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    public async Task A_long_picture_in_a_video_of_variable_rate_is_not_missed(string kind)
    {
        // Picture 60 is shown from 2.4 to 6 s.
        var clip = await _clips.DrawGraphAsync($"gap.{kind}", $"{Numbered},select='not(between(n,61,149))'");

        var frames = await _clips.ReadFramesAsync(clip);

        Assert.Equal([13, 38, 60, 60, 60, 60, 163, 188], frames.Select(Number));
        Assert.All(frames, (frame, k) => Assert.Equal(k + 0.52, frame.Time, 0.021));
    }

    [Fact]
    public async Task A_track_with_one_picture_per_second_gives_every_picture()
    {
        var clip = await _clips.DrawGraphAsync("slow.mkv", "nullsrc=s=64x64:r=1:d=5,geq=lum='16+20*N':cb=128:cr=128");

        var frames = await _clips.ReadFramesAsync(clip);

        Assert.Equal([0, 20, 40, 60, 80], frames.Select(Number));
        Assert.Equal([0, 1, 2, 3, 4], frames.Select(frame => frame.Start), (a, b) => Math.Abs(a - b) < 0.001);
    }

    [Fact]
    public async Task Cuts_are_found_at_their_exact_times_and_flagged()
    {
        var clip = await _clips.DrawGraphAsync("cuts.mp4",
            "color=black:s=160x120:r=25:d=1.4[a];color=white:s=160x120:r=25:d=1.6[b];color=black:s=160x120:r=25:d=2.84[c];"
                + "color=gray:s=160x120:r=25:d=1.16[d];[a][b][c][d]concat=n=4");

        var frames = await _clips.ReadFramesAsync(clip);

        // A cut ends the interval before it at its exact time. The picture is the one in the middle of the second if that is after the cut,
        // and otherwise the first one of the shot.
        Assert.Equal([0, 1.4, 3.0, 5.84], frames.Where(frame => frame.StartsShot).Select(frame => frame.Start),
            (a, b) => Math.Abs(a - b) < 0.001);
        Assert.Equal([0, 1.4, 2, 3, 4, 5, 5.84, 6], frames.Select(frame => frame.Start), (a, b) => Math.Abs(a - b) < 0.001);
        Assert.Equal([0.52, 1.52, 2.52, 3.52, 4.52, 5.52, 5.84, 6.52], frames.Select(frame => frame.Time),
            (a, b) => Math.Abs(a - b) < 0.001);
        Assert.Equal([0, 255, 255, 0, 0, 0, 128, 128], frames.Select(frame => Pixel(frame, 0.5, 0.5).Red),
            (a, b) => Math.Abs(a - b) <= 2);
    }

    [Fact]
    public async Task A_strobe_does_not_return_every_picture()
    {
        var clip = await _clips.DrawGraphAsync("strobe.mp4", "nullsrc=s=64x64:r=25:d=4,geq=lum='if(mod(N,2),235,16)':cb=128:cr=128");

        var frames = await _clips.ReadFramesAsync(clip);

        Assert.InRange(frames.Count, 4, 25);
    }

    [Fact]
    public async Task A_rotated_clip_is_decoded_upright()
    {
        // The left half is stored white. The rotation of 90 degrees clockwise moves the left side to the top.
        var clip = await _clips.DrawGraphAsync("turned.mp4", "color=black:s=160x120:r=25:d=1,drawbox=w=80:h=120:color=white:t=fill");
        Mp4Boxes.TurnClockwise(clip);

        var info = await _clips.Probe.ReadAsync(clip, CancellationToken.None);
        var frame = (await _clips.ReadFramesAsync(clip))[0];

        Assert.Equal((120, 160, 90), (info.Video!.Width, info.Video.Height, info.Video.Rotation));
        Assert.Equal((120, 160), (frame.Width, frame.Height));
        Assert.True(Pixel(frame, 0.5, 0.2).Green > 250);
        Assert.True(Pixel(frame, 0.5, 0.8).Green < 5);
    }

    [Theory]
    [InlineData("853x481", "1", 1280, 852, 480)]
    [InlineData("1920x1080", "1", 640, 640, 360)]
    [InlineData("320x240", "1", 1280, 320, 240)]
    [InlineData("720x576", "64/45", 2000, 1024, 576)]
    public async Task Pictures_have_square_pixels_even_sides_and_are_never_enlarged(
        string stored, string pixelShape, int longSide, int width, int height)
    {
        var clip = await _clips.DrawAsync("sized.mkv", "-f", "lavfi", "-i", $"testsrc=s={stored}:r=5:d=1,setsar={pixelShape}", "-c:v",
            "mpeg4", "-q:v", "3");

        var frame = (await _clips.ReadFramesAsync(clip, new FrameSampling(1, 0.3, longSide)))[0];

        Assert.Equal((width, height, width * height * 3), (frame.Width, frame.Height, frame.Rgb.Length));
    }

    [Theory]
    [InlineData("bt709", "tv", "yuv420p")]
    [InlineData("smpte170m", "tv", "yuv420p")]
    [InlineData("bt709", "pc", "yuv420p")]
    [InlineData("bt709", "tv", "yuv420p10le")]
    public async Task Colours_are_decoded_correctly(string matrix, string range, string pixels)
    {
        var scale = matrix == "bt709" ? "bt709" : "smpte170m";
        var clip = await _clips.DrawGraphAsync("colours.mp4",
            $"color=0x20C040:s=160x120:r=5:d=1,format=rgb24,scale=out_color_matrix={scale}:out_range={range},format={pixels}",
            "-colorspace", matrix, "-color_range", range);

        var (red, green, blue) = Pixel((await _clips.ReadFramesAsync(clip))[0], 0.5, 0.5);

        Assert.Equal((0x20, 0xC0, 0x40), (Near(red, 0x20), Near(green, 0xC0), Near(blue, 0x40)));

        static int Near(int value, int wanted) => Math.Abs(value - wanted) <= 4 ? wanted : value;
    }

    [Theory]
    [InlineData("one.mp4")]
    [InlineData("one.mkv")]
    [InlineData("one.avi")]
    public async Task A_video_of_one_picture_returns_that_picture(string name)
    {
        var clip = await _clips.DrawGraphAsync(name, "testsrc=s=64x64:r=25:d=0.04");

        var frame = Assert.Single(await _clips.ReadFramesAsync(clip));

        Assert.Equal((0, true), (frame.Time, frame.StartsShot));
    }

    [Fact]
    public async Task A_file_name_is_never_read_as_an_option_or_an_address()
    {
        var plain = await _clips.DrawGraphAsync("plain.mp4", "testsrc=s=64x64:r=5:d=1");
        var odd = _clips["-i http:\"a b'%d.mp4"];
        File.Move(plain, odd);

        Assert.Single(await _clips.ReadFramesAsync(odd));
        await _clips.Thumbnails.WriteAsync(odd, 0, _clips["odd.jpg"], 64, CancellationToken.None);
    }

    [Fact]
    public async Task Stopping_early_leaves_no_decoder_running()
    {
        var clip = await _clips.DrawGraphAsync("long.mp4", "testsrc=s=640x360:r=5:d=40", "-preset", "ultrafast");
        var info = await _clips.Probe.ReadAsync(clip, CancellationToken.None);

        await foreach (var _ in _clips.Frames.ReadAsync(clip, info, new FrameSampling(5, 0.3, 640), CancellationToken.None))
            break;

        Assert.False(IsRunning(clip));
    }

    [Fact]
    public async Task Cancelling_ends_the_decoder()
    {
        var clip = await _clips.DrawGraphAsync("long.mp4", "testsrc=s=640x360:r=5:d=40", "-preset", "ultrafast");
        var info = await _clips.Probe.ReadAsync(clip, CancellationToken.None);
        using var cancelling = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _clips.Frames.ReadAsync(clip, info, new FrameSampling(5, 0.3, 640), cancelling.Token))
                await cancelling.CancelAsync();
        });

        Assert.False(IsRunning(clip));
    }

    [Fact]
    public async Task The_time_of_a_slow_reader_does_not_count_for_the_decoder()
    {
        var clip = await _clips.DrawGraphAsync("numbered.mp4", Numbered);
        _clips.Options.MinDecodeTimeout = TimeSpan.FromSeconds(8);
        _clips.Options.DecodeTimeoutFactor = 0.1;
        var info = await _clips.Probe.ReadAsync(clip, CancellationToken.None);
        var count = 0;

        await foreach (var _ in _clips.Frames.ReadAsync(clip, info, new FrameSampling(1, 0.3, 640), CancellationToken.None))
        {
            // This pause is longer than the decoder's time limit. Frames that do not fit into the buffers are written after the pause.
            if (count++ == 0)
                await Task.Delay(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(8, count);
    }
}
