using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>A square region of a frame, in tiles of <see cref="TileGrid"/>.</summary>
internal readonly record struct RegionWindow(int Left, int Top, int Side)
{
    /// <summary>Side lengths relative to the frame's shorter side. A logo is recognised only if it fills a large part of a
    /// window.</summary>
    private static readonly double[] Sides = [1, 0.5, 0.25];

    /// <summary>Returns all windows of a frame, large ones first. Neighbours overlap by half, so an object of half a window's size lies
    /// completely in at least one.</summary>
    public static IReadOnlyList<RegionWindow> Of(int columns, int rows)
        => [.. Sides.Select(share => (int)(share * Math.Min(columns, rows))).Where(side => side > 0).SelectMany(side =>
            from top in Starts(rows, side) from left in Starts(columns, side) select new RegionWindow(left, top, side))];

    /// <summary>Returns the pixels of the region.</summary>
    public Frame Crop(Frame frame, int columns, int rows)
    {
        var (left, right) = (Left * frame.Width / columns, (Left + Side) * frame.Width / columns);
        var (top, bottom) = (Top * frame.Height / rows, (Top + Side) * frame.Height / rows);
        var (width, height) = (right - left, bottom - top);
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
            frame.Rgb.AsSpan(((top + y) * frame.Width + left) * 3, width * 3).CopyTo(pixels.AsSpan(y * width * 3));
        return new Frame(frame.Time, false, width, height, pixels);
    }

    /// <summary>Returns evenly spaced positions with a distance of at most half a side.</summary>
    private static IEnumerable<int> Starts(int length, int side)
    {
        var steps = (int)Math.Ceiling((length - side) / Math.Max(1, side / 2.0));
        return Enumerable.Range(0, steps + 1).Select(step => steps == 0 ? 0 : step * (length - side) / steps);
    }
}
