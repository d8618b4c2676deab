using System.Diagnostics;
using System.Globalization;
using VideoUnderstanding.IntegrationTests.Media;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.IntegrationTests.Fuzz;

/// <summary>
/// Damages small clips of many containers and codecs at random and reads their metadata, first frames, first sound and a thumbnail.
/// Each clip must be read or be refused with a <c>MediaException</c> within the time limits. Each clip is damaged once, or repeatedly for
/// VIDEOUNDERSTANDING_FUZZ_SECONDS; VIDEOUNDERSTANDING_FUZZ_SEED sets the seed.
/// </summary>
public sealed class ClipFuzzTests : IDisposable
{
    private const int MinRounds = 1;

    private static readonly (string Name, string[] Codecs)[] Kinds =
    [
        ("clip.mp4", ["-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart"]),
        ("parts.mp4", ["-c:v", "libx264", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]),
        ("clip.mov", ["-c:v", "mjpeg", "-c:a", "pcm_s16le"]), ("clip.mkv", ["-c:v", "libx264", "-c:a", "libmp3lame"]),
        ("clip.webm", ["-c:v", "libvpx", "-c:a", "libopus"]),
        ("clip.avi", ["-c:v", "mpeg4", "-c:a", "ac3"]), ("clip.ts", ["-c:v", "mpeg2video", "-c:a", "mp2"]),
        ("clip.flv", ["-c:v", "flv", "-c:a", "aac"]),
        ("clip.gif", ["-an"]), ("clip.wmv", ["-c:v", "wmv2", "-c:a", "wmav2"]), ("clip.ogg", ["-an", "-c:v", "libtheora"]),
        ("clip.mpg", ["-c:v", "mpeg1video", "-c:a", "mp2"]),
    ];

    private readonly ClipFolder _clips = new();

    public ClipFuzzTests()
    {
        _clips.Options.ProbeTimeout = TimeSpan.FromSeconds(30);
        _clips.Options.MinDecodeTimeout = TimeSpan.FromSeconds(30);
        _clips.Options.DecodeMegabytes = 1024;
    }

    public void Dispose() => _clips.Dispose();

    [Fact]
    public async Task Damaged_clips_are_read_or_refused()
    {
        var (seconds, seed) = (Setting("SECONDS") ?? 0, Setting("SEED") ?? 20230302);
        var whole = await DrawAsync();
        var (random, clock, failures, outcomes) = (new Random(seed), Stopwatch.StartNew(), new List<string>(),
            new Dictionary<string, int>());
        for (var round = 0; round < MinRounds * whole.Count || clock.Elapsed.TotalSeconds < seconds; round++)
        {
            var (name, bytes) = whole[round % whole.Count];
            var path = _clips["damaged-" + name];
            await File.WriteAllBytesAsync(path, Damage.Of(bytes, random));
            var begun = clock.Elapsed;
            var outcome = await ReadAllAsync(path);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (outcome.StartsWith('!'))
                failures.Add($"round {round} of seed {seed}, {name}: {outcome}");
            if (clock.Elapsed - begun > TimeSpan.FromMinutes(4))
                failures.Add($"round {round} of seed {seed}, {name}: took {clock.Elapsed - begun}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("; ", outcomes.Select(pair => $"{pair.Value} {pair.Key}")));
        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(10)));
        // Some clips must remain readable. Otherwise only the probe is tested.
        Assert.True(outcomes.ContainsKey("read"), string.Join("; ", outcomes.Keys));
    }

    private async Task<List<(string Name, byte[] Bytes)>> DrawAsync()
    {
        var whole = new List<(string, byte[])>();
        foreach (var (name, codecs) in Kinds)
            whole.Add(
                (name,
                    await File.ReadAllBytesAsync(
                        await _clips.DrawAsync(name,
                            ["-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2:r=44100", "-pix_fmt",
                                PixelsOf(name), .. codecs]))));
        return whole;
    }

    private static string PixelsOf(string name) => name switch { "clip.gif" => "rgb8", "clip.mov" => "yuvj420p", _ => "yuv420p" };

    /// <summary>Returns the result. A failure begins with an exclamation mark.</summary>
    private async Task<string> ReadAllAsync(string path)
    {
        try
        {
            var info = await _clips.Probe.ReadAsync(path, CancellationToken.None);
            Assert.True(double.IsFinite(info.DurationSeconds) && info.SizeBytes > 0);
            if (info.Video is not null)
            {
                await foreach (var frame in _clips.Frames.ReadAsync(path, info, new FrameSampling(1, 0.3, 160), CancellationToken.None)
                    .Take(3))
                    Assert.Equal(frame.Width * frame.Height * 3, frame.Rgb.Length);
                await _clips.Thumbnails.WriteAsync(path, 1, _clips["thumbnail.jpg"], 64, CancellationToken.None);
            }
            if (info.Audio is not null)
                Assert.All(await _clips.Sound.ReadAsync(path, info, CancellationToken.None).Take(3).ToListAsync(),
                    block => Assert.All(block, sample => Assert.InRange(sample, -1, 1)));
            return "read";
        }
        catch (MediaException refused)
        {
            return refused.Message.Contains(_clips[""], StringComparison.Ordinal) ? $"!tells a path: {refused.Message}" : "refused";
        }
        catch (Exception other)
        {
            return $"!{other}";
        }
    }

    private static int? Setting(string name)
        => int.TryParse(Environment.GetEnvironmentVariable($"VIDEOUNDERSTANDING_FUZZ_{name}"), NumberStyles.None,
            CultureInfo.InvariantCulture, out var value) ? value : null;
}
