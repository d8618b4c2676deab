using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>Scripts replace ffmpeg and ffprobe and either hang or write endless output. Each run must end with an error and leave no
/// process running.</summary>
public sealed class StuckToolTests : IDisposable
{
    private const string Endless = "while :; do printf '%4096s'; done";

    /// <summary>On a busy machine the output limit must be reached before the time limit.</summary>
    private static readonly TimeSpan OutputLimitTimeout = TimeSpan.FromMinutes(2);

    private readonly ClipFolder _clips = new();

    public StuckToolTests()
    {
        _clips.Options.ProbeTimeout = TimeSpan.FromSeconds(1);
        _clips.Options.MinDecodeTimeout = TimeSpan.FromSeconds(1);
        _clips.Options.DecodeTimeoutFactor = 0.1;
    }

    private static MediaInfo Info { get; } = new("mov", 4, 1, new VideoTrack(0, "h264", 64, 64, 25, 0),
        new AudioTrack(1, "aac", 16_000, 1));

    public void Dispose() => _clips.Dispose();

    private async Task<string> ToolAsync(string script)
    {
        var path = _clips["tool"];
        await File.WriteAllTextAsync(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllBytesAsync(_clips["clip.mp4"], [0, 0, 0, 16, .. "ftypisom\0\0\0\0"u8]);
        return path;
    }

    private Task<List<Frame>> FramesAsync()
        => _clips.Frames.ReadAsync(_clips["clip.mp4"], Info, new FrameSampling(1, 0.3, 64), CancellationToken.None).ToListAsync().AsTask();

    private Task<List<float[]>> SoundAsync()
        => _clips.Sound.ReadAsync(_clips["clip.mp4"], Info, CancellationToken.None).ToListAsync().AsTask();

    [Theory]
    [InlineData("exec sleep 71.5")]
    [InlineData(Endless)]
    [InlineData("while :; do printf '%4096s' >&2; done")]
    public async Task The_file_is_refused_if_ffprobe_hangs_or_writes_endless_output(string script)
    {
        _clips.Options.FFprobePath = await ToolAsync(script);

        var exception = await Assert.ThrowsAsync<MediaException>(() => _clips.Probe.ReadAsync(_clips["clip.mp4"], CancellationToken.None));

        Assert.Contains("took longer than 1 s or gave far too many tracks", exception.Message, StringComparison.Ordinal);
        // The thumbnail writer calls ffprobe too.
        await Assert.ThrowsAsync<MediaException>(
            () => _clips.Thumbnails.WriteAsync(_clips["clip.mp4"], 1, _clips["thumbnail.jpg"], 64, CancellationToken.None));
        await AssertNothingRunsAsync();
    }

    [Fact]
    public async Task Reading_pictures_or_sound_fails_if_ffmpeg_hangs()
    {
        _clips.Options.FFmpegPath = await ToolAsync("exec sleep 71.5");

        Assert.Contains("took far longer", (await Assert.ThrowsAsync<MediaException>(FramesAsync)).Message, StringComparison.Ordinal);
        Assert.Contains("took far longer", (await Assert.ThrowsAsync<MediaException>(SoundAsync)).Message, StringComparison.Ordinal);
        await AssertNothingRunsAsync();
    }

    [Fact]
    public async Task Writing_a_thumbnail_fails_if_ffmpeg_hangs()
    {
        var clip = await _clips.DrawGraphAsync("real.mp4", "testsrc=s=64x64:r=5:d=2");
        _clips.Options.ProbeTimeout = TimeSpan.FromSeconds(30);
        _clips.Options.FFmpegPath = await ToolAsync("exec sleep 71.5");

        var exception = await Assert.ThrowsAsync<MediaException>(
            () => _clips.Thumbnails.WriteAsync(clip, 1, _clips["thumbnail.jpg"], 64, CancellationToken.None));

        Assert.Contains("far too long", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_clips["thumbnail.jpg"]));
    }

    [Fact]
    public async Task Endless_sound_is_stopped_at_a_limit_that_depends_on_the_length()
    {
        _clips.Options.MinDecodeTimeout = OutputLimitTimeout;
        // A frame has 800 stereo samples of 8 bytes. Its timestamp precedes it.
        _clips.Options.FFmpegPath = await ToolAsync("while :; do printf 'frame:0 pts:1 pts_time:1\\ns=1\\n' >&2; printf '%6400s'; done");

        Assert.Contains("far more sound", (await Assert.ThrowsAsync<MediaException>(SoundAsync)).Message, StringComparison.Ordinal);
        await AssertNothingRunsAsync();
    }

    [Fact]
    public async Task Endless_pictures_are_stopped_at_a_limit_that_depends_on_the_length()
    {
        _clips.Options.MinDecodeTimeout = OutputLimitTimeout;
        // A picture of 64 x 64 has three blocks of 4096 bytes. Its metadata precedes it.
        _clips.Options.FFmpegPath = await ToolAsync(
            "while :; do printf 'frame:0 pts:1 pts_time:1\\nlavfi.scene_score=0.0\\n' >&2; printf '%12288s'; done");

        Assert.Contains("far more pictures", (await Assert.ThrowsAsync<MediaException>(FramesAsync)).Message, StringComparison.Ordinal);
        await AssertNothingRunsAsync();
    }

    [Fact]
    public async Task A_killed_ffprobe_is_not_reported_as_a_broken_file()
    {
        const string header = """
            {"streams":[{"index":0,"codec_type":"video","codec_name":"h264","width":64,"height":64,"avg_frame_rate":"25/1"}],
            "format":{"format_name":"mov","duration":"4"}}
            """;
        _clips.Options.ProbeTimeout = OutputLimitTimeout;
        // 137 is the exit code after SIGKILL. In the sandbox a process cannot kill itself.
        _clips.Options.FFprobePath = await ToolAsync($"case \"$*\" in *packet=*) exit 137;; esac\nprintf '%s' '{header}'");

        var exception = await Assert.ThrowsAsync<ToolException>(() => _clips.Probe.ReadAsync(_clips["clip.mp4"], CancellationToken.None));

        Assert.Equal((ToolFailure.Failed, 137), (exception.Failure, exception.ExitCode));
    }

    private async Task AssertNothingRunsAsync()
        => Assert.True(await ClipFolder.IsGoneAsync(_clips["tool"]) && await ClipFolder.IsGoneAsync("sleep\071.5"));
}
