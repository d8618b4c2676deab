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

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("media-tests-");

    public MediaToolOptions Options { get; } = new();

    public MediaProbe Probe => new(Microsoft.Extensions.Options.Options.Create(Options));
    public FrameReader Frames => new(Microsoft.Extensions.Options.Options.Create(Options), NullLogger<FrameReader>.Instance);
    public SoundReader Sound => new(Microsoft.Extensions.Options.Options.Create(Options));
    public ThumbnailWriter Thumbnails => new(Probe, Microsoft.Extensions.Options.Options.Create(Options));

    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Runs ffmpeg. The output file is the last argument.</summary>
    public async Task<string> DrawAsync(string name, params string[] arguments)
    {
        var path = this[name];
        await ToolProcess.RunAsync("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments, "file:" + path], new ToolLimits(),
            CancellationToken.None);
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

    public void Dispose() => _folder.Delete(recursive: true);
}
