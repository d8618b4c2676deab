using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>A folder of clips that FFmpeg generates for one test, with the readers under test.</summary>
public sealed class ClipFolder : IDisposable
{
    /// <summary>Picture N of this track has brightness N (0 to 199), so the brightness identifies the picture.</summary>
    public const string Numbered = "nullsrc=s=64x64:r=25:d=8,geq=lum='16+N':cb=128:cr=128";

    // Content of the clips by the extension and the arguments. Starting ffmpeg takes longer than most of these clips.
    private static readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> Generated = new();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("media-tests-");
    private readonly Lazy<MediaProbe> _probe;

    public ClipFolder() => _probe = new(NewProbe);

    public MediaToolOptions Options { get; } = new();

    /// <summary>Caches the result for each clip, as in the server.</summary>
    public MediaProbe Probe => _probe.Value;

    public FrameReader Frames => new(Microsoft.Extensions.Options.Options.Create(Options), NullLogger<FrameReader>.Instance);
    public SoundReader Sound => new(Microsoft.Extensions.Options.Options.Create(Options));

    /// <summary>Reads the clip's tracks and clock for each thumbnail.</summary>
    public ThumbnailWriter Thumbnails => new(NewProbe(), Microsoft.Extensions.Options.Options.Create(Options));

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Generates a clip with ffmpeg, or copies the one that was generated with the same arguments.</summary>
    public async Task<string> DrawAsync(string name, params string[] arguments)
    {
        var path = this[name];
        if (arguments.Any(argument => argument.Contains(_folder.FullName, StringComparison.Ordinal)))
        {
            await RunFFmpegAsync(path, arguments);
            return path;
        }
        var extension = Path.GetExtension(name);
        await File.WriteAllBytesAsync(path, await Generated.GetOrAdd(string.Join('\n', [extension, .. arguments]),
            _ => new(() => GenerateAsync(extension, arguments))).Value);
        return path;
    }

    /// <summary>Generates a clip from a filter graph without loss.</summary>
    public Task<string> DrawGraphAsync(string name, string graph, params string[] arguments)
        => DrawAsync(name,
            ["-f", "lavfi", "-i", graph, "-fps_mode", "passthrough", "-c:v", "libx264", "-qp", "0", "-g", "50", "-bf", "2", .. arguments]);

    public async Task<List<Frame>> ReadFramesAsync(string path, FrameSampling? sampling = null)
    {
        var info = await Probe.ReadAsync(path, CancellationToken.None);
        return await Frames.ReadAsync(path, info, sampling ?? new FrameSampling(1, 0.3, 1280), CancellationToken.None).ToListAsync();
    }

    public async Task<float[]> ReadSoundAsync(string path)
    {
        var info = await Probe.ReadAsync(path, CancellationToken.None);
        var blocks = await Sound.ReadAsync(path, info, CancellationToken.None).ToListAsync();
        return [.. blocks.SelectMany(block => block)];
    }

    /// <summary>Returns the numbers of the pictures of <see cref="Numbered"/> that the thumbnails at some times show. The last thumbnail
    /// of a clip with usable timestamps reads only its first packets, the others use the cached result for the whole clip.</summary>
    public async Task<double[]> ReadThumbnailsAsync(string path, params double[] times)
    {
        var isStamped = (await Probe.ReadAsync(path, CancellationToken.None)).Clock.Kind == ClockKind.Stamped;
        var cached = new ThumbnailWriter(Probe, Microsoft.Extensions.Options.Options.Create(Options));
        for (var k = 0; k < times.Length; k++)
        {
            var writer = k == times.Length - 1 && isStamped ? Thumbnails : cached;
            await writer.WriteAsync(path, times[k], this[Thumbnail(k)], 64, CancellationToken.None);
        }
        // One process reads all of them as a sequence.
        var pixels = (await ToolProcess.RunAsync("ffmpeg", ["-v", "error", "-i", this["thumbnail%d.jpg"], "-vf", "crop=2:2", "-pix_fmt",
            "gray", "-f", "rawvideo", "pipe:1"], new ToolLimits(), CancellationToken.None)).Bytes;
        for (var k = 0; k < times.Length; k++)
            File.Delete(this[Thumbnail(k)]);
        Assert.Equal(4 * times.Length, pixels.Length);
        return [.. times.Select((_, k) => pixels[4 * k] * 219 / 255.0)];

        static string Thumbnail(int number) => string.Create(CultureInfo.InvariantCulture, $"thumbnail{number}.jpg");
    }

    /// <summary>Returns the pixel at a relative position (0 to 1) of the picture.</summary>
    public static (int Red, int Green, int Blue) Pixel(Frame frame, double x, double y)
    {
        var at = ((int)(y * frame.Height) * frame.Width + (int)(x * frame.Width)) * 3;
        return (frame.Rgb[at], frame.Rgb[at + 1], frame.Rgb[at + 2]);
    }

    /// <summary>Returns the number of a picture of <see cref="Numbered"/>.</summary>
    public static int Number(Frame frame) => (int)Math.Round(Pixel(frame, 0.5, 0.5).Green * 219 / 255.0);

    /// <summary>Returns true if no process with these words in its command line is left. Waits up to 20 s, because a killed process ends
    /// with a delay.</summary>
    public static async Task<bool> IsGoneAsync(string words)
    {
        for (var attempt = 0; IsRunning(words); attempt++, await Task.Delay(50))
            if (attempt == 400)
                return false;
        return true;
    }

    /// <summary>Returns true if the command line of a running process contains these words.</summary>
    public static bool IsRunning(string words)
        => Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Any(folder =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(words, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        });

    public void Dispose()
    {
        if (_probe.IsValueCreated)
            _probe.Value.Dispose();
        _folder.Delete(recursive: true);
    }

    private MediaProbe NewProbe() => new(Microsoft.Extensions.Options.Options.Create(Options));

    private static async Task<byte[]> GenerateAsync(string extension, string[] arguments)
    {
        var path = Path.Combine(Path.GetTempPath(), $"media-tests-{Guid.NewGuid():N}{extension}");
        try
        {
            await RunFFmpegAsync(path, arguments);
            return await File.ReadAllBytesAsync(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Task RunFFmpegAsync(string path, string[] arguments)
        => ToolProcess.RunAsync("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments, "file:" + path], new ToolLimits(),
            CancellationToken.None);
}
