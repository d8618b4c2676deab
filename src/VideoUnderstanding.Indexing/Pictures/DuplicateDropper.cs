using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>
/// Lets through the pictures that show something new. Each is compared with the last one let through, not with its neighbour, so slow
/// changes add up and are seen. The first picture of a shot always passes.
/// </summary>
/// <param name="tolerance">Largest difference of a tile in a colour channel, 0 to 255, up to which two pictures are the same.</param>
public sealed class DuplicateDropper(double tolerance)
{
    private ColorGrid? _kept;

    public IAsyncEnumerable<Frame> KeepAsync(IAsyncEnumerable<Frame> frames) => frames.Where(Keeps);

    public bool Keeps(Frame frame)
    {
        var grid = ColorGrid.Of(frame);
        if (!frame.StartsShot && _kept is not null && grid.DifferenceTo(_kept) <= tolerance)
            return false;
        _kept = grid;
        return true;
    }
}
