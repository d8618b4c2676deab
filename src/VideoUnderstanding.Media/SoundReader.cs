namespace VideoUnderstanding.Media;

/// <summary>Decodes the sound track once as 16 kHz mono samples in -1..1, on the time line of the video: silence where the sound starts late or has gaps.</summary>
public sealed class SoundReader
{
    public const int SampleRate = 16_000;

    /// <summary>Yields blocks of samples in order, each but the last of one second.</summary>
    /// <exception cref="MediaException">Nothing could be decoded.</exception>
    public IAsyncEnumerable<float[]> ReadAsync(string path, MediaInfo info, CancellationToken cancellationToken) => throw new NotImplementedException();
}
