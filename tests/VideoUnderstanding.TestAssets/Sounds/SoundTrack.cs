using System.Globalization;

namespace VideoUnderstanding.TestAssets.Sounds;

/// <summary>A sound that was mixed into a track. Times are seconds.</summary>
public sealed record MixedSound(string Name, double Start, double End);

/// <summary>Mono sound into which sounds are mixed at known times, and the clip that is written from it.</summary>
public sealed class SoundTrack(double seconds)
{
    private readonly float[] _samples = new float[(int)(seconds * SyntheticSounds.SampleRate)];
    private readonly List<MixedSound> _sounds = [];

    public double Duration => seconds;

    public IReadOnlyList<MixedSound> Sounds => _sounds;

    public float[] Samples => _samples;

    /// <param name="name">Empty for sounds that no query is about, for example speech.</param>
    public SoundTrack Add(string name, double start, float[] sound, double level = 1)
    {
        var from = (int)(start * SyntheticSounds.SampleRate);
        for (var i = 0; i < sound.Length && from + i < _samples.Length; i++)
            _samples[from + i] = Math.Clamp(_samples[from + i] + (float)level * sound[i], -1, 1);
        if (name.Length > 0)
            _sounds.Add(new MixedSound(name, start, Math.Min(seconds, start + (double)sound.Length / SyntheticSounds.SampleRate)));
        return this;
    }

    /// <summary>Returns blocks like those of the decoder: one second each, the last one may be shorter.</summary>
    public async IAsyncEnumerable<float[]> BlocksAsync()
    {
        foreach (var block in _samples.Chunk(SyntheticSounds.SampleRate))
        {
            await Task.Yield();
            yield return block;
        }
    }

    /// <summary>Writes a clip with this sound and pictures of one colour. FFmpeg selects the format by the file name.</summary>
    /// <param name="colour">Name of a colour in FFmpeg.</param>
    public async Task WriteClipAsync(string path, string colour, CancellationToken cancellationToken)
    {
        var raw = Path.Combine(Path.GetTempPath(), $"track-{Guid.NewGuid():N}.f32");
        var bytes = new byte[_samples.Length * sizeof(float)];
        Buffer.BlockCopy(_samples, 0, bytes, 0, bytes.Length);
        await File.WriteAllBytesAsync(raw, bytes, cancellationToken);
        try
        {
            await SoundSources.RunAsync("ffmpeg",
            [
                "-v", "error", "-y", "-f", "lavfi", "-i",
                    $"color={colour}:s=640x360:r=5:d={seconds.ToString(CultureInfo.InvariantCulture)}",
                "-f", "f32le", "-ar", $"{SyntheticSounds.SampleRate}", "-ac", "1", "-i", raw,
                "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k", path,
            ], cancellationToken);
        }
        finally
        {
            File.Delete(raw);
        }
    }
}
