using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>A folder of clips that FFmpeg draws for one test, and the readers under test.</summary>
public sealed class ClipFolder : IDisposable
{
    /// <summary>Picture N of this track has the brightness N (0 to 199), so that each picture tells its number.</summary>
    public const string Numbered = "nullsrc=s=64x64:r=25:d=8,geq=lum='16+N':cb=128:cr=128";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("media-tests-");

    public MediaToolOptions Options { get; } = new();

    public MediaProbe Probe => new(Microsoft.Extensions.Options.Options.Create(Options));
    public FrameReader Frames => new(Microsoft.Extensions.Options.Options.Create(Options), NullLogger<FrameReader>.Instance);
    public SoundReader Sound => new(Microsoft.Extensions.Options.Options.Create(Options));
    public ThumbnailWriter Thumbnails => new(Probe, Microsoft.Extensions.Options.Options.Create(Options));

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Runs ffmpeg with the output's name last.</summary>
    public async Task<string> DrawAsync(string name, params string[] arguments)
    {
        var path = this[name];
        await ToolProcess.RunAsync("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments, "file:" + path], new ToolLimits(),
            CancellationToken.None);
        return path;
    }

    /// <summary>Draws from a description of a filter graph, without loss.</summary>
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

    /// <summary>The pixel in the middle of a share of the picture, as red, green, blue.</summary>
    public static (int Red, int Green, int Blue) Pixel(Frame frame, double x, double y)
    {
        var at = ((int)(y * frame.Height) * frame.Width + (int)(x * frame.Width)) * 3;
        return (frame.Rgb[at], frame.Rgb[at + 1], frame.Rgb[at + 2]);
    }

    /// <summary>The number that a picture of <see cref="Numbered"/> tells.</summary>
    public static int Number(Frame frame) => (int)Math.Round(Pixel(frame, 0.5, 0.5).Green * 219 / 255.0);

    /// <summary>True when no process is left that was started with these words in its command. A killed one needs a moment to go.</summary>
    public static async Task<bool> IsGoneAsync(string words)
    {
        for (var tries = 0; IsRunning(words); tries++, await Task.Delay(50))
            if (tries == 400)
                return false;
        return true;
    }

    /// <summary>True when a running process was started with these words in its command.</summary>
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

    public void Dispose() => _folder.Delete(recursive: true);
}
