using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>How sound becomes the picture that the encoder reads.</summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="FftLength">Samples under one analysis window.</param>
/// <param name="HopLength">Samples from one analysis window to the next.</param>
/// <param name="Bins">Mel bands.</param>
/// <param name="ChunkSeconds">Length of sound that the encoder takes at once; shorter sound is filled with silence.</param>
public sealed record MelSettings(int SampleRate, int FftLength, int HopLength, int Bins, int ChunkSeconds)
{
    /// <summary>Samples of one chunk.</summary>
    public int Samples => SampleRate * ChunkSeconds;

    /// <summary>Columns of one chunk.</summary>
    public int Frames => Samples / HopLength;

    /// <summary>Frequencies of one analysis window, from 0 to half the sample rate.</summary>
    public int Frequencies => FftLength / 2 + 1;

    /// <summary>From preprocessor_config.json.</summary>
    public static MelSettings Parse(JsonElement preprocessor) => new(
        preprocessor.GetProperty("sampling_rate").GetInt32(),
        preprocessor.GetProperty("n_fft").GetInt32(),
        preprocessor.GetProperty("hop_length").GetInt32(),
        preprocessor.GetProperty("feature_size").GetInt32(),
        preprocessor.GetProperty("chunk_length").GetInt32());
}
