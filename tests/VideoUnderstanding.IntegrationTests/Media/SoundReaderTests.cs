using VideoUnderstanding.Media;

namespace VideoUnderstanding.IntegrationTests.Media;

public sealed class SoundReaderTests : IDisposable
{
    private readonly ClipFolder _clips = new();

    public void Dispose() => _clips.Dispose();

    private static double Loudest(float[] samples, double from, double to)
        => samples[(int)(from * SoundReader.SampleRate)..(int)(to * SoundReader.SampleRate)].Max(Math.Abs);

    [Fact]
    public async Task Every_block_except_the_last_one_has_one_second()
    {
        var clip = await _clips.DrawAsync("tone.wav", "-f", "lavfi", "-i", "sine=r=44100:d=3.5");
        var info = await _clips.Probe.ReadAsync(clip, CancellationToken.None);

        var blocks = await _clips.Sound.ReadAsync(clip, info, CancellationToken.None).ToListAsync();

        Assert.Equal([16000, 16000, 16000, 8000], blocks.Select(block => block.Length), (a, b) => Math.Abs(a - b) <= 32);
    }

    [Theory]
    [InlineData("late.mkv")]
    [InlineData("late.mp4")]
    public async Task Sound_that_starts_late_keeps_its_time_in_the_video(string name)
    {
        var clip = await _clips.DrawAsync(name, "-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=5", "-itsoffset", "2", "-f", "lavfi", "-i",
            "sine=d=3",
            "-map", "0", "-map", "1", "-c:v", "libx264", "-c:a", "aac");

        var sound = await _clips.ReadSoundAsync(clip);

        Assert.Equal(5, sound.Length / 16000.0, 0.1);
        Assert.True(Loudest(sound, 0, 1.95) < 0.001);
        Assert.True(Loudest(sound, 2.0, 2.1) > 0.05);
    }

    [Fact]
    public async Task A_gap_in_the_sound_is_returned_as_silence()
    {
        var clip = await _clips.DrawAsync("gap.mkv", "-f", "lavfi", "-i", "sine=d=6,aselect='not(between(t,2,3.999))'", "-c:a",
            "pcm_s16le");

        var sound = await _clips.ReadSoundAsync(clip);

        Assert.Equal(6, sound.Length / 16000.0, 0.15);
        Assert.True(Loudest(sound, 2.2, 3.8) < 0.001);
        Assert.True(Loudest(sound, 4.1, 5.9) > 0.1);
    }

    [Fact]
    public async Task Sound_that_ends_early_does_not_fail()
    {
        var clip = await _clips.DrawAsync("short.mkv", "-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=20", "-f", "lavfi", "-i", "sine=d=3",
            "-c:v", "libx264", "-c:a", "aac");

        Assert.Equal(3, (await _clips.ReadSoundAsync(clip)).Length / 16000.0, 0.1);
    }

    [Fact]
    public async Task A_loud_stereo_track_is_mixed_without_clipping()
    {
        var clip = await _clips.DrawAsync("loud.wav", "-f", "lavfi", "-i",
            "aevalsrc='0.95*sin(440*2*PI*t)|0.95*sin(440*2*PI*t)':s=48000:d=2");

        Assert.Equal(0.95, Loudest(await _clips.ReadSoundAsync(clip), 0.1, 1.9), 0.02);
    }

    [Theory]
    [InlineData("FC", 0.25)]
    [InlineData("FL", 0.15)]
    [InlineData("BL", 0.1)]
    public async Task The_mix_contains_every_channel_of_5_1(string channel, double minimum)
    {
        var clip = await _clips.DrawAsync("surround.flac", "-f", "lavfi", "-i",
            $"aevalsrc='0.95*sin(440*2*PI*t)':s=48000:d=2,pan=5.1|{channel}=c0");

        Assert.InRange(Loudest(await _clips.ReadSoundAsync(clip), 0.1, 1.9), minimum, 0.95);
    }

    [Fact]
    public async Task Silence_is_decoded_as_silence()
    {
        var clip = await _clips.DrawAsync("silence.m4a", "-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo", "-t", "2", "-c:a", "aac");

        var sound = await _clips.ReadSoundAsync(clip);

        Assert.Equal(2, sound.Length / 16000.0, 0.1);
        Assert.All(sound, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public async Task A_video_without_sound_is_refused()
    {
        var clip = await _clips.DrawGraphAsync("silent.mp4", "testsrc=s=64x64:r=5:d=1");
        var exception = await Assert.ThrowsAsync<MediaException>(() => _clips.ReadSoundAsync(clip));

        Assert.Contains("no sound track", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_early_leaves_no_decoder_running()
    {
        var clip = await _clips.DrawAsync("long.wav", "-f", "lavfi", "-i", "sine=d=60");
        var info = await _clips.Probe.ReadAsync(clip, CancellationToken.None);

        await foreach (var _ in _clips.Sound.ReadAsync(clip, info, CancellationToken.None))
            break;

        Assert.False(ClipFolder.IsRunning(clip));
    }
}
