using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>
/// Lets through the pictures that show something new. Each is compared with the last one let through, not with its neighbour, so slow
/// changes add up and are seen. The first picture of a shot always passes, and so does the first of a chunk, so that what stands still is
/// committed with its chunk.
/// </summary>
/// <param name="tolerance">Largest difference of a tile in a colour channel, 0 to 255, up to which two pictures are the same.</param>
/// <param name="chunkSeconds">Seconds of a chunk; infinite for one chunk.</param>
public sealed class DuplicateDropper(double tolerance, double chunkSeconds = double.PositiveInfinity)
{
    private ColorGrid? _kept;
    private double _chunk;

    public IAsyncEnumerable<Frame> KeepAsync(IAsyncEnumerable<Frame> frames) => frames.Where(Keeps);

    public bool Keeps(Frame frame)
    {
        var grid = ColorGrid.Of(frame);
        var chunk = Math.Floor(frame.Start / chunkSeconds);
        if (!frame.StartsShot && _kept is not null && chunk <= _chunk && grid.DifferenceTo(_kept) <= tolerance)
            return false;
        (_kept, _chunk) = (grid, chunk);
        return true;
    }
}
