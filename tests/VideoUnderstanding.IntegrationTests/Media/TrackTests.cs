using VideoUnderstanding.Media;
using static VideoUnderstanding.IntegrationTests.Media.ClipFolder;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>Selection of the tracks of a file, and decoding of their sound and colours.</summary>
public sealed class TrackTests : IDisposable
{
    private const string Red = "color=red:s=160x120:r=5:d=4";
    private const string Blue = "color=blue:s=160x120:r=5:d=4";
    private const string Tone = "sine=f=440:d=4";

    private readonly ClipFolder _clips = new();

    public void Dispose() => _clips.Dispose();

    private Task<MediaInfo> ReadAsync(string path) => _clips.Probe.ReadAsync(path, CancellationToken.None);

    private static double Loudest(float[] samples, double from, double to)
        => samples[(int)(from * SoundReader.SampleRate)..(int)(to * SoundReader.SampleRate)].Max(Math.Abs);

    [Fact]
    public async Task The_default_video_track_is_used()
    {
        var clip = await _clips.DrawAsync("two.mkv", "-f", "lavfi", "-i", Red, "-f", "lavfi", "-i", Blue, "-map", "0", "-map", "1", "-c:v",
            "libx264", "-disposition:0", "0", "-disposition:1", "default");

        var (red, _, blue) = Pixel((await _clips.ReadFramesAsync(clip))[0], 0.5, 0.5);
        await _clips.Thumbnails.WriteAsync(clip, 1, _clips["t.jpg"], 64, CancellationToken.None);

        Assert.True(blue > 200 && red < 50);
        Assert.Equal(1, (await ReadAsync(clip)).Video!.StreamIndex);
    }

    [Fact]
    public async Task The_default_sound_track_is_used_and_the_others_are_listed()
    {
        var clip = await _clips.DrawAsync("two.mp4", "-f", "lavfi", "-i", Red, "-f", "lavfi", "-i", "anullsrc=d=4", "-f", "lavfi", "-i",
            Tone, "-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-c:a", "aac", "-disposition:a:0", "0", "-disposition:a:1",
            "default");

        Assert.Equal([2, 1], (await ReadAsync(clip)).AudioTracks.Select(track => track.StreamIndex));
        Assert.True(Loudest(await _clips.ReadSoundAsync(clip), 1, 3) > 0.05);
    }

    [Theory]
    [InlineData("none.mp4")]
    [InlineData("none.mkv")]
    public async Task A_sound_track_without_packets_is_ignored(string name)
    {
        var clip = await _clips.DrawAsync(name, "-f", "lavfi", "-i", Red, "-f", "lavfi", "-i", Tone, "-c:v", "libx264", "-c:a", "aac",
            "-bsf:a", "noise=drop=1");

        Assert.Null((await ReadAsync(clip)).Audio);
    }

    [Theory]
    [InlineData(44_100, 1, 48_000, 2)]
    [InlineData(48_000, 2, 48_000, 6)]
    [InlineData(48_000, 6, 32_000, 1)]
    public async Task A_change_of_the_sound_format_does_not_shift_later_sound(int firstRate, int firstChannels, int rate, int channels)
    {
        var first = await DrawSoundAsync("first.ts", 0, 2, firstRate, firstChannels);
        var second = await DrawSoundAsync("second.ts", 4, 5, rate, channels);
        await File.WriteAllBytesAsync(_clips["changed.ts"],
            [.. await File.ReadAllBytesAsync(first), .. await File.ReadAllBytesAsync(second)]);

        var sound = await _clips.ReadSoundAsync(_clips["changed.ts"]);

        Assert.Equal(8, sound.Length / 16000.0, 0.2);
        Assert.True(Loudest(sound, 2.15, 2.85) > 0.05);
        Assert.True(Loudest(sound, 3.15, 4.85) < 0.02);
        Assert.True(Loudest(sound, 5.15, 5.85) > 0.05);
        Assert.True(Loudest(sound, 6.15, 7.85) < 0.02);
    }

    /// <summary>Generates four seconds of sound that contain a tone of one second.</summary>
    private Task<string> DrawSoundAsync(string name, int offset, int tone, int rate, int channels)
        => _clips.DrawAsync(name, "-f", "lavfi", "-i", Red, "-f", "lavfi", "-i",
            $"aevalsrc='0.5*sin(880*PI*t)*between(t,{tone - offset},{tone - offset + 1})':s={rate}:d=4", "-c:v", "libx264", "-c:a", "aac",
            "-ac", $"{channels}", "-output_ts_offset", $"{offset}");

    [Theory]
    [InlineData("-0.5*sin(440*2*PI*t)")]
    [InlineData("-0.4*sin(440*2*PI*t)+0.01*random(0)")]
    public async Task Channels_out_of_phase_do_not_cancel_out(string right)
    {
        var clip = await _clips.DrawAsync("phase.m4a", "-f", "lavfi", "-i", $"aevalsrc='0.5*sin(440*2*PI*t)|{right}':s=48000:d=3", "-c:a",
            "aac", "-b:a", "192k");

        Assert.InRange(Loudest(await _clips.ReadSoundAsync(clip), 0.5, 2.5), 0.4, 0.6);
    }

    [Theory]
    // Reference white of ITU-R BT.2408 as a 10-bit signal: 58 % with PQ, 75 % with HLG.
    [InlineData("smpte2084", 573)]
    [InlineData("arib-std-b67", 721)]
    public async Task Reference_white_of_high_dynamic_range_is_decoded_as_white(string transfer, int level)
    {
        var clip = await _clips.DrawAsync("white.mp4", "-f", "lavfi", "-i",
            $"nullsrc=s=160x120:r=5:d=2,format=yuv420p10le,geq=lum={level}:cb=512:cr=512", "-c:v", "libx264", "-color_trc", transfer,
            "-color_primaries", "bt2020", "-colorspace", "bt2020nc", "-color_range", "tv");

        var (red, green, blue) = Pixel((await _clips.ReadFramesAsync(clip))[0], 0.5, 0.5);

        Assert.All((int[])[red, green, blue], value => Assert.InRange(value, 216, 245));
    }

    [Fact]
    public async Task Colours_and_black_of_high_dynamic_range_are_decoded_correctly()
    {
        // Red of 100 cd/m2 in BT.2020 on the left, black on the right.
        var clip = await _clips.DrawAsync("red.mp4", "-f", "lavfi", "-i",
            "nullsrc=s=160x120:r=5:d=2,format=gbrp10le,geq=r='if(lt(X,80),520,0)':g=0:b=0,scale=out_color_matrix=bt2020:out_range=tv,"
                + "format=yuv420p10le", "-c:v", "libx264", "-color_trc", "smpte2084", "-color_primaries", "bt2020", "-colorspace",
            "bt2020nc", "-color_range", "tv");

        var frame = (await _clips.ReadFramesAsync(clip))[0];

        Assert.True(Pixel(frame, 0.2, 0.5) is { Red: > 170, Green: < 30, Blue: < 30 }, $"{Pixel(frame, 0.2, 0.5)}");
        Assert.True(Pixel(frame, 0.8, 0.5) is { Red: < 4, Green: < 4, Blue: < 4 }, $"{Pixel(frame, 0.8, 0.5)}");
    }
}
