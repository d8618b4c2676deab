using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Media;

public sealed class MediaProbeTests : IDisposable
{
    private readonly ClipFolder _clips = new();

    public void Dispose() => _clips.Dispose();

    private Task<MediaInfo> ReadAsync(string path) => _clips.Probe.ReadAsync(path, CancellationToken.None);

    private async Task<string> RefusedAsync(string path) => (await Assert.ThrowsAsync<MediaException>(() => ReadAsync(path))).Message;

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile '{0}'\n")]
    [InlineData("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><BaseURL>{0}</BaseURL></Period></MPD>")]
    [InlineData("v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n")]
    public async Task A_playlist_is_refused_and_its_targets_are_not_opened(string playlist)
    {
        var target = await _clips.DrawGraphAsync("target.mp4", "testsrc=s=64x64:r=5:d=1");
        foreach (var name in (string[])["list.mp4", "list.m3u8", "list.mpd"])
        {
            await File.WriteAllTextAsync(_clips[name], string.Format(System.Globalization.CultureInfo.InvariantCulture, playlist, target));

            var message = await RefusedAsync(_clips[name]);

            Assert.DoesNotContain(_clips[""], message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    public async Task A_picture_is_not_a_video(string kind)
    {
        var picture = await _clips.DrawAsync($"picture.{kind}", "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-frames:v", "1");

        Assert.Contains("neither a video nor a sound", await RefusedAsync(picture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("song.mp3", "libmp3lame")]
    [InlineData("song.m4a", "aac")]
    public async Task Cover_art_is_not_a_video_track(string name, string codec)
    {
        var cover = await _clips.DrawAsync("cover.png", "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-frames:v", "1");
        var song = await _clips.DrawAsync(name, "-f", "lavfi", "-i", "sine=d=3", "-i", cover, "-map", "0", "-map", "1", "-c:a", codec,
            "-c:v", "mjpeg", "-disposition:v:0", "attached_pic");

        var info = await ReadAsync(song);

        Assert.Null(info.Video);
        Assert.NotNull(info.Audio);
        Assert.Equal(3, info.DurationSeconds, 0.1);
        Assert.Equal(new FileInfo(song).Length, info.SizeBytes);
    }

    [Fact]
    public async Task Subtitles_alone_are_refused()
    {
        await File.WriteAllTextAsync(_clips["text.srt"], "1\n00:00:00,000 --> 00:00:05,000\nwords\n");
        var file = await _clips.DrawAsync("subtitles.mkv", "-i", _clips["text.srt"]);

        Assert.Contains("neither a picture track nor a sound track", await RefusedAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_that_is_missing_in_the_header_is_measured()
    {
        // FFmpeg cannot seek back in a pipe to write the length.
        var whole = await _clips.DrawGraphAsync("whole.mkv", ClipFolder.Numbered);
        var output = await ToolProcess.RunAsync("ffmpeg",
            ["-v", "error", "-i", whole, "-c", "copy", "-f", "matroska", "-live", "1", "pipe:1"], new ToolLimits(), CancellationToken.None);
        await File.WriteAllBytesAsync(_clips["live.mkv"], output.Bytes);

        var info = await ReadAsync(_clips["live.mkv"]);

        Assert.Equal(8, info.DurationSeconds, 0.05);
        Assert.Equal(8, info.Video!.EndSeconds!.Value, 0.05);
    }

    [Fact]
    public async Task The_length_of_raw_sound_comes_from_its_packets_not_from_its_bit_rate()
    {
        // Silence, then noise: the bit rate at the start does not predict the rest.
        var sound = await _clips.DrawAsync("raw.aac", "-f", "lavfi", "-i", "aevalsrc='if(gt(t,10),random(0)-0.5,0)':d=30", "-c:a", "aac",
            "-b:a", "128k");

        Assert.Equal(30, (await ReadAsync(sound)).DurationSeconds, 0.2);
    }

    [Theory]
    [InlineData("clip.mp4")]
    [InlineData("clip.mkv")]
    [InlineData("clip.flv")]
    public async Task The_error_of_a_truncated_file_contains_both_lengths(string name)
    {
        var clip = await _clips.DrawGraphAsync(name, Detailed,
            name.EndsWith("mp4", StringComparison.Ordinal) ? ["-movflags", "+faststart"] : []);
        Cut(clip, 0.6);

        Assert.Matches(@"should last 8\.\d s, but its data ends at [345]\.\d s", await RefusedAsync(clip));
    }

    [Theory]
    [InlineData("clip.avi")]
    [InlineData("clip.wav")]
    public async Task A_truncated_file_is_detected_by_its_declared_byte_count(string name)
    {
        var clip = name.EndsWith("wav", StringComparison.Ordinal) ? await _clips.DrawAsync(name, "-f", "lavfi", "-i", "sine=d=8")
            : await _clips.DrawGraphAsync(name, Detailed);
        await ReadAsync(clip);
        Cut(clip, 0.5);

        Assert.Contains("bytes, but has", await RefusedAsync(clip), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_little_missing_data_at_the_end_is_accepted()
    {
        var clip = await _clips.DrawGraphAsync("clip.mp4", Detailed, "-movflags", "+faststart");
        Cut(clip, 0.95);

        // The duration is that of the existing data, not that of the header.
        Assert.InRange((await ReadAsync(clip)).DurationSeconds, 7.1, 7.9);
        Assert.Equal(8, (await _clips.ReadFramesAsync(clip)).Count);
    }

    [Fact]
    public async Task A_video_track_may_end_long_before_the_sound()
    {
        var clip = await _clips.DrawAsync("short-video.mp4", "-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=3", "-f", "lavfi", "-i",
            "sine=d=20", "-c:v", "libx264", "-c:a", "aac");

        var info = await ReadAsync(clip);

        Assert.Equal(20, info.DurationSeconds, 0.1);
        Assert.Equal(3, info.Video!.EndSeconds!.Value, 0.1);
        Assert.Equal(3, (await _clips.ReadFramesAsync(clip)).Count);
    }

    [Fact]
    public async Task A_few_damaged_pictures_are_accepted_and_many_are_refused()
    {
        var clip = await _clips.DrawGraphAsync("clip.mp4", Detailed, "-g", "1");
        File.Copy(clip, _clips["light.mp4"]);
        Mp4Boxes.Damage(_clips["light.mp4"], 100_000);
        File.Copy(clip, _clips["heavy.mp4"]);
        Mp4Boxes.Damage(_clips["heavy.mp4"], 300);

        Assert.Equal(8, (await _clips.ReadFramesAsync(_clips["light.mp4"])).Count);
        var exception = await Assert.ThrowsAsync<MediaException>(() => _clips.ReadFramesAsync(_clips["heavy.mp4"]));
        Assert.Contains("damaged", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_ffprobe_is_reported_as_an_error_of_the_server()
    {
        _clips.Options.FFprobePath = "/nowhere/ffprobe";
        await File.WriteAllBytesAsync(_clips["some.mp4"], [0, 0, 0, 16, .. "ftypisom\0\0\0\0"u8]);

        var exception = await Assert.ThrowsAsync<ToolException>(() => ReadAsync(_clips["some.mp4"]));

        Assert.Equal(ToolFailure.NotStarted, exception.Failure);
    }

    private const string Detailed = "testsrc2=s=160x120:r=25:d=8";

    private static void Cut(string path, double share)
    {
        using var file = File.OpenWrite(path);
        file.SetLength((long)(file.Length * share));
    }
}
