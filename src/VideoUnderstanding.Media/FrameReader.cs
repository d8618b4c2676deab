namespace VideoUnderstanding.Media;

/// <summary>Decodes the picture track once and yields a steady sample of it, plus the first picture of every shot.</summary>
public sealed class FrameReader
{
    /// <summary>Yields frames in order of time; at most a few are in memory at once. Upright (rotation applied), square pixels.</summary>
    /// <exception cref="MediaException">Nothing could be decoded.</exception>
    public IAsyncEnumerable<Frame> ReadAsync(string path, MediaInfo info, FrameSampling sampling, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>How pictures are taken from a video.</summary>
/// <param name="FramesPerSecond">Steady rate, 0.1 to 10.</param>
/// <param name="ShotThreshold">Scene change score, 0 to 1, above which a picture starts a new shot.</param>
/// <param name="MaxLongSide">Pictures larger than this many pixels are scaled down, never up.</param>
public sealed record FrameSampling(double FramesPerSecond, double ShotThreshold, int MaxLongSide);
