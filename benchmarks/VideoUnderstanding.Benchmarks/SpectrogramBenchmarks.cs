using BenchmarkDotNet.Attributes;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.Benchmarks;

/// <summary>Whisper's features of one window of 30 s: the ratio column compares with the same transform done term by term on every hundredth frame.</summary>
[MemoryDiagnoser]
public class SpectrogramBenchmarks
{
    private const int EveryHundredth = 100;
    private static readonly MelSettings Settings = new(SampleRate: 16_000, FftLength: 400, HopLength: 160, Bins: 80, ChunkSeconds: 30);
    private readonly LogMelSpectrogram _spectrogram = new(Settings, MelFilters.Slaney(Settings));
    private readonly float[] _sound = [.. Enumerable.Range(0, Settings.Samples).Select(i => (float)Math.Sin(i * i * 1e-6))];
    private readonly float[] _features = new float[Settings.Bins * Settings.Frames];

    [Benchmark]
    public void WholeWindow() => _spectrogram.Compute(_sound, _features);

    [Benchmark(Baseline = true)]
    public double HundredthTermByTerm()
    {
        var power = 0.0;
        for (var start = 0; start + Settings.FftLength <= _sound.Length; start += EveryHundredth * Settings.HopLength)
        {
            for (var frequency = 0; frequency < Settings.Frequencies; frequency++)
                power += PowerOf(_sound.AsSpan(start, Settings.FftLength), frequency);
        }
        return power;
    }

    private static double PowerOf(ReadOnlySpan<float> frame, int frequency)
    {
        var (real, imaginary) = (0.0, 0.0);
        for (var i = 0; i < frame.Length; i++)
        {
            var (sine, cosine) = Math.SinCos(2 * Math.PI * frequency * i / frame.Length);
            real += frame[i] * cosine;
            imaginary -= frame[i] * sine;
        }
        return real * real + imaginary * imaginary;
    }
}
