namespace VideoUnderstanding.Media;

/// <summary>Writes one picture of a video as JPEG.</summary>
public sealed class ThumbnailWriter
{
    /// <summary>The frame shown at <paramref name="time"/> seconds (frame-exact), upright, at most <paramref name="maxLongSide"/> pixels long. The file appears whole or not at all.</summary>
    public Task WriteAsync(string path, double time, string destination, int maxLongSide, CancellationToken cancellationToken) => throw new NotImplementedException();
}
