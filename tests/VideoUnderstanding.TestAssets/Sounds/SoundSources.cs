using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VideoUnderstanding.TestAssets.Sounds;

/// <summary>Sounds from files and from a speech synthesiser: mono, 16,000 samples per second. The Debian packages are installed by
/// <c>deploy/install.sh --tests</c>; tests/VideoUnderstanding.TestAssets/Sounds/LICENCES.md has their licences.</summary>
public static class SoundSources
{
    private const string Alerts = "/usr/share/sounds/mate/default/alerts";
    private const string Theme = "/usr/share/sounds/freedesktop/stereo";

    public static Task<float[]> BarkAsync(CancellationToken cancellationToken) => DecodeAsync($"{Alerts}/bark.ogg", cancellationToken);

    /// <summary>A struck glass, which rings like a small bell.</summary>
    public static Task<float[]> GlassAsync(CancellationToken cancellationToken) => DecodeAsync($"{Alerts}/glass.ogg", cancellationToken);

    public static Task<float[]> PhoneAsync(CancellationToken cancellationToken)
        => DecodeAsync($"{Theme}/phone-incoming-call.oga", cancellationToken);

    public static Task<float[]> AlarmClockAsync(CancellationToken cancellationToken)
        => DecodeAsync($"{Theme}/alarm-clock-elapsed.oga", cancellationToken);

    /// <summary>A short piece of music.</summary>
    public static Task<float[]> LoginAsync(CancellationToken cancellationToken)
        => DecodeAsync($"{Theme}/service-login.oga", cancellationToken);

    /// <param name="voice">A voice of flite: kal, awb, rms or slt.</param>
    public static async Task<float[]> SpeechAsync(string text, string voice, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"speech-{Guid.NewGuid():N}.wav");
        try
        {
            await RunAsync("flite", ["-voice", voice, "-t", text, "-o", path], cancellationToken);
            return await DecodeAsync(path, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Decodes the sound of a file with FFmpeg.</summary>
    public static async Task<float[]> DecodeAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} is missing. Run deploy/install.sh --tests, which installs the sounds for tests.");
        var bytes = await RunAsync("ffmpeg",
            ["-v", "error", "-i", path, "-ac", "1", "-ar", $"{SyntheticSounds.SampleRate}", "-f", "f32le", "-"], cancellationToken);
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, bytes.Length / sizeof(float) * sizeof(float))).ToArray();
    }

    internal static async Task<byte[]> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true,
            RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{program} failed: {await errors}");
    }
}
