using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>Small files whose headers declare excessive sizes, durations or counts. No refusal may be caused by the time limit of
/// ffprobe.</summary>
public sealed class BombTests : IDisposable
{
    private readonly ClipFolder _clips = new();

    public BombTests() => _clips.Options.ProbeTimeout = TimeSpan.FromMinutes(1);

    public void Dispose() => _clips.Dispose();

    private Task<string> DrawAsync(string name, string codec = "mjpeg")
        => _clips.DrawAsync(name,
            ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=5",
                .. name.EndsWith("gif", StringComparison.Ordinal) ? (string[])[] : ["-c:v", codec, "-movflags", "+faststart"]]);

    private async Task<string> RefusedAsync(string path)
    {
        var message = (await Assert.ThrowsAsync<MediaException>(() => _clips.Probe.ReadAsync(path, CancellationToken.None))).Message;
        Assert.DoesNotContain("took longer", message, StringComparison.Ordinal);
        return message;
    }

    [Theory]
    // 30,000 exceeds FFmpeg's limit for pictures; 9,000 exceeds the limit of this project.
    [InlineData(30_000)]
    [InlineData(9_000)]
    public async Task Huge_pictures_are_refused(ushort side)
    {
        var clip = await DrawAsync("huge.mkv");
        await _clips.Probe.ReadAsync(clip, CancellationToken.None);
        Bombs.Enlarge(clip, side);

        Assert.Contains("picture size is not known", await RefusedAsync(clip), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gif_that_declares_huge_pictures_is_refused()
    {
        var clip = await DrawAsync("huge.gif");
        await _clips.Probe.ReadAsync(clip, CancellationToken.None);
        Bombs.EnlargeGif(clip, 30_000);

        await RefusedAsync(clip);
    }

    [Theory]
    [InlineData(4_000, "far too many tracks")]
    // Each track has its own edit list.
    [InlineData(10_000, "edit lists have 10000 entries")]
    public async Task Thousands_of_tracks_are_refused(int tracks, string words)
    {
        var clip = await DrawAsync("tracks.mp4", "libx264");
        Bombs.RepeatTrack(clip, tracks);

        Assert.Contains(words, await RefusedAsync(clip), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declared_length_of_100_hours_is_ignored_and_a_real_one_is_too_long()
    {
        var claimed = await DrawAsync("claimed.mkv");
        Bombs.Lengthen(claimed, TimeSpan.FromHours(100));
        var sparse = await _clips.DrawAsync("sparse.mkv", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=1:d=2", "-vf", "setpts=N*360000/TB",
            "-fps_mode", "passthrough", "-c:v", "mjpeg");

        Assert.Equal(5, (await _clips.Probe.ReadAsync(claimed, CancellationToken.None)).DurationSeconds, 0.05);
        Assert.Equal("video_duration_too_long",
            MediaRules.Check(await _clips.Probe.ReadAsync(sparse, CancellationToken.None), new MediaLimits(), needsAudio: false)!.Code);
    }

    [Fact]
    public async Task A_video_of_a_million_pictures_a_second_is_too_short()
    {
        var clip = await DrawAsync("fast.avi");
        Bombs.RaiseFrameRate(clip);

        Assert.Equal("video_duration_too_short",
            MediaRules.Check(await _clips.Probe.ReadAsync(clip, CancellationToken.None), new MediaLimits(), needsAudio: false)!.Code);
    }

    [Fact]
    public async Task More_pictures_than_the_limit_are_refused()
    {
        _clips.Options.MaxPictures = 100;

        Assert.Contains("more than 100 pictures", await RefusedAsync(await DrawAsync("many.mkv")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_list_that_repeats_a_track_many_times_is_refused()
    {
        var clip = await DrawAsync("edits.mp4", "libx264");
        Bombs.RepeatEdits(clip, 400_000);

        Assert.Contains("edit lists have 400000 entries", await RefusedAsync(clip), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_index_that_declares_a_gigabyte_is_refused()
    {
        var clip = await DrawAsync("packed.mp4", "libx264");
        Bombs.Compress(clip, claimedBytes: 1 << 30, 16 << 20);

        Assert.Contains("more memory", await RefusedAsync(clip), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deeply_nested_boxes_are_refused()
    {
        var clip = await DrawAsync("nested.mp4", "libx264");
        Bombs.Nest(clip, 20_000);

        await RefusedAsync(clip);
    }

    [Fact]
    public async Task A_declared_count_of_samples_without_data_does_not_fill_memory()
    {
        var clip = await DrawAsync("samples.mp4", "libx264");
        Bombs.CountSamples(clip);

        // ffprobe either reads the existing data or refuses the file. In both cases it stays within its memory limit.
        try
        {
            Assert.InRange((await _clips.Probe.ReadAsync(clip, CancellationToken.None)).DurationSeconds, 0, 1e9);
        }
        catch (MediaException refused)
        {
            Assert.DoesNotContain("took longer", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_picture_that_lasts_an_hour_is_sampled_without_excessive_memory()
    {
        var clip = await _clips.DrawAsync("still.mkv", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=1:d=2", "-vf", "setpts=N*3600/TB",
            "-fps_mode", "passthrough", "-c:v", "mjpeg");

        var times = (await _clips.ReadFramesAsync(clip, new FrameSampling(0.1, 0.3, 64))).ConvertAll(frame => frame.Time);

        Assert.InRange(times.Count, 360, 362);
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task Pictures_whose_size_changes_are_decoded_in_one_size()
    {
        var parts = new List<byte>();
        foreach (var size in (string[])["640x360", "1280x720", "64x64"])
            parts.AddRange(
                await File.ReadAllBytesAsync(
                    await _clips.DrawAsync($"{size}.ts", "-f", "lavfi", "-i", $"testsrc2=s={size}:r=5:d=4", "-c:v", "libx264",
                        "-preset", "ultrafast")));
        await File.WriteAllBytesAsync(_clips["sizes.ts"], [.. parts]);

        var frames = await _clips.ReadFramesAsync(_clips["sizes.ts"]);

        Assert.NotEmpty(frames);
        Assert.All(frames, frame => Assert.Equal((640, 360, 640 * 360 * 3), (frame.Width, frame.Height, frame.Rgb.Length)));
    }
}
