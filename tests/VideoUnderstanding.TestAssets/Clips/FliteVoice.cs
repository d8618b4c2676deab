using System.Buffers.Binary;
using System.Diagnostics;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>Speech that the synthesizer flite generates from a text.</summary>
/// <param name="Start">Seconds from the start of the clip.</param>
/// <param name="Samples">16 kHz, mono, -1..1, without silence at both ends.</param>
public sealed record Utterance(double Start, string Text, float[] Samples)
{
    public double End => Start + Samples.Length / (double)FliteVoice.SampleRate;
}

/// <summary>Runs the synthesizer flite. The Debian package has that name.</summary>
public static class FliteVoice
{
    public const int SampleRate = 16_000;
    private const int HeaderBytes = 44;
    private const float Loud = 0.02f;

    /// <param name="voice">A voice of flite with 16 kHz. Speech recognition makes the fewest errors with <c>rms</c>.</param>
    public static async Task<Utterance> SpeakAsync(double start, string text, CancellationToken cancellationToken, string voice = "rms")
    {
        var path = Path.Combine(Path.GetTempPath(), $"utterance-{Guid.NewGuid():n}.wav");
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("flite", ["-voice", voice, "--setf", "duration_stretch=1.1", "-t", text, "-o", path]))!;
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"flite made no speech: exit code {process.ExitCode}.");
            return new Utterance(start, text, Trim(Read(await File.ReadAllBytesAsync(path, cancellationToken))));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Mixes speech at its times over a background sound. Returns samples at 16 kHz.</summary>
    /// <param name="background">Value of each sample without speech.</param>
    public static float[] Mix(double seconds, IEnumerable<Utterance> speech, Func<int, float> background)
    {
        var sound = new float[(int)(seconds * SampleRate)];
        for (var i = 0; i < sound.Length; i++)
            sound[i] = background(i);
        foreach (var utterance in speech)
            for (var i = 0; i < utterance.Samples.Length && (int)(utterance.Start * SampleRate) + i < sound.Length; i++)
                sound[(int)(utterance.Start * SampleRate) + i] = Math.Clamp(
                    sound[(int)(utterance.Start * SampleRate) + i] + utterance.Samples[i], -1, 1);
        return sound;
    }

    /// <summary>A quiet chord that serves as background music.</summary>
    public static float Chord(int sample)
    {
        var time = 2 * Math.PI * sample / SampleRate;
        return (float)(0.004 * (Math.Sin(220 * time) + Math.Sin(277.2 * time) + Math.Sin(329.6 * time)));
    }

    private static float[] Read(byte[] wav)
    {
        var samples = new float[(wav.Length - HeaderBytes) / 2];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(HeaderBytes + 2 * i)) / 32768f;
        return samples;
    }

    private static float[] Trim(float[] samples)
    {
        var first = Array.FindIndex(samples, sample => Math.Abs(sample) > Loud);
        var last = Array.FindLastIndex(samples, sample => Math.Abs(sample) > Loud);
        return first < 0 ? throw new InvalidOperationException("flite made silence.") : samples[first..(last + 1)];
    }
}
