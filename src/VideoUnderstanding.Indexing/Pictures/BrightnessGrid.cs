using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>A picture reduced to the mean brightness of 32x18 tiles: small things count, noise and compression do not.</summary>
public sealed class BrightnessGrid
{
    public const int Columns = 32;
    public const int Rows = 18;

    private readonly float[] _tiles;

    private BrightnessGrid(float[] tiles) => _tiles = tiles;

    public static BrightnessGrid Of(Frame frame)
    {
        var (sums, counts) = (new long[Columns * Rows], new int[Columns * Rows]);
        for (var y = 0; y < frame.Height; y++)
        {
            var row = frame.Rgb.AsSpan(y * frame.Width * 3, frame.Width * 3);
            var firstTile = y * Rows / frame.Height * Columns;
            // Every second pixel of a row tells enough.
            for (var x = y & 1; x < frame.Width; x += 2)
            {
                var tile = firstTile + x * Columns / frame.Width;
                // Weights of ITU-R BT.601, as 256ths.
                sums[tile] += (77 * row[x * 3] + 150 * row[x * 3 + 1] + 29 * row[x * 3 + 2]) >> 8;
                counts[tile]++;
            }
        }
        var tiles = new float[Columns * Rows];
        for (var i = 0; i < tiles.Length; i++)
            tiles[i] = counts[i] == 0 ? 0 : (float)sums[i] / counts[i];
        return new BrightnessGrid(tiles);
    }

    /// <summary>The largest difference of a tile, 0 to 255.</summary>
    public double DifferenceTo(BrightnessGrid other)
    {
        var largest = 0f;
        for (var i = 0; i < _tiles.Length; i++)
            largest = Math.Max(largest, Math.Abs(_tiles[i] - other._tiles[i]));
        return largest;
    }
}
