using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>
/// Drops duplicate frames. Each frame is compared with the last kept one, not with its neighbour, so that slow changes accumulate. The
/// first frame of a shot is always kept, and so is the first of a chunk, so that every chunk has at least one frame.
/// </summary>
/// <param name="tolerance">Maximum difference, 0 to 255, of a channel's mean in any tile for two frames to be equal.</param>
/// <param name="chunkSeconds">Seconds per chunk; infinite for a single chunk.</param>
public sealed class DuplicateFrameFilter(double tolerance, double chunkSeconds = double.PositiveInfinity)
{
    private ColorGrid? _last;
    private double _chunk;

    public IAsyncEnumerable<Frame> FilterAsync(IAsyncEnumerable<Frame> frames) => frames.Where(IsDistinct);

    public bool IsDistinct(Frame frame)
    {
        var grid = ColorGrid.Of(frame);
        var chunk = Math.Floor(frame.Start / chunkSeconds);
        if (!frame.StartsShot && _last is not null && chunk <= _chunk && grid.DifferenceTo(_last) <= tolerance)
            return false;
        (_last, _chunk) = (grid, chunk);
        return true;
    }
}

/// <summary>The mean colours of 32x18 tiles of a frame: sensitive to small objects, robust against noise and compression.</summary>
public sealed class ColorGrid
{
    public const int Columns = 32;
    public const int Rows = 18;

    private readonly float[] _means;

    private ColorGrid(float[] means) => _means = means;

    public static ColorGrid Of(Frame frame) => new(TileMeans.Of(frame, Columns, Rows));

    /// <summary>Returns the largest difference of a channel's mean in any tile, 0 to 255.</summary>
    public double DifferenceTo(ColorGrid other)
    {
        var largest = 0f;
        for (var i = 0; i < _means.Length; i++)
            largest = Math.Max(largest, Math.Abs(_means[i] - other._means[i]));
        return largest;
    }
}
