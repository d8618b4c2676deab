using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Media;

public sealed class ThumbnailWriterTests : IDisposable
{
    private readonly ClipFolder _clips = new();

    public void Dispose() => _clips.Dispose();

    [Theory]
    [InlineData("clip.mp4")]
    [InlineData("clip.mkv")]
    [InlineData("clip.ts")]
    [InlineData("clip.avi")]
    public async Task The_picture_is_the_one_shown_at_the_time(string name)
    {
        // AVI has no timestamps, only an order, so the clip has no B-frames.
        var clip = await _clips.DrawGraphAsync(name, ClipFolder.Numbered,
            name.EndsWith("avi", StringComparison.Ordinal) ? ["-bf", "0"] : []);

        // The first two pictures; the last picture, and a time after it; the last picture of a group and the first of the next one.
        double[] times = [0, 0.04, 7.99, 1000, 5.99, 6];
        double[] numbers = [0, 1, 199, 199, 149, 150];
        Assert.All((await _clips.ReadThumbnailsAsync(clip, times)).Zip(numbers), pair => Assert.Equal(pair.Second, pair.First, 0.5));
    }

    [Fact]
    public async Task A_long_picture_is_found_long_after_its_start()
    {
        var clip = await _clips.DrawGraphAsync("gap.mp4", $"{ClipFolder.Numbered},select='not(between(n,61,149))'");

        Assert.Equal(60, (await _clips.ReadThumbnailsAsync(clip, 5.9))[0], 1.0);
    }

    [Fact]
    public async Task A_picture_that_is_shown_for_minutes_takes_no_more_memory()
    {
        var clip = await _clips.DrawGraphAsync("slow.mp4", "nullsrc=s=640x360:r=1/100:d=300,geq=lum='16+50*N':cb=128:cr=128");
        _clips.Options.DecodeMegabytes = 1024;

        Assert.Equal(50, (await _clips.ReadThumbnailsAsync(clip, 150))[0], 1.0);
    }

    [Fact]
    public async Task After_the_end_of_the_video_track_the_last_picture_is_used()
    {
        var clip = await _clips.DrawAsync("short-video.mp4", "-f", "lavfi", "-i", ClipFolder.Numbered + ",trim=end=3", "-f", "lavfi", "-i",
            "sine=d=60", "-c:v", "libx264", "-qp", "0", "-c:a", "aac");

        Assert.Equal(74, (await _clips.ReadThumbnailsAsync(clip, 50))[0], 1.0);
    }

    [Fact]
    public async Task The_thumbnail_is_upright_within_the_size_limit_and_the_only_file_written()
    {
        var clip = await _clips.DrawGraphAsync("turned.mp4", "testsrc=s=160x120:r=25:d=1");
        Mp4Boxes.TurnClockwise(clip);
        Directory.CreateDirectory(_clips["out"]);

        await _clips.Thumbnails.WriteAsync(clip, 0.5, Path.Combine(_clips["out"], "t.jpg"), 80, CancellationToken.None);

        var size = await ToolProcess.RunAsync("ffprobe", ["-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0",
            Path.Combine(_clips["out"], "t.jpg")], new ToolLimits(), CancellationToken.None);
        Assert.Equal("60,80", size.Text.Trim());
        Assert.Single(Directory.GetFiles(_clips["out"]));
    }

    [Fact]
    public async Task A_failure_does_not_change_an_older_thumbnail()
    {
        var sound = await _clips.DrawAsync("tone.wav", "-f", "lavfi", "-i", "sine=d=1");
        await File.WriteAllTextAsync(_clips["t.jpg"], "older");

        await Assert.ThrowsAsync<MediaException>(() => _clips.Thumbnails.WriteAsync(sound, 0, _clips["t.jpg"], 64, CancellationToken.None));

        Assert.Equal("older", await File.ReadAllTextAsync(_clips["t.jpg"]));
    }
}
