using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>A picture reduced to the mean colour of 32x18 tiles: small things count, noise and compression do not.</summary>
public sealed class ColorGrid
{
    public const int Columns = 32;
    public const int Rows = 18;
    private const int Channels = 3;

    // Tile by tile, red, green and blue.
    private readonly float[] _means;

    private ColorGrid(float[] means) => _means = means;

    public static ColorGrid Of(Frame frame)
    {
        var (sums, counts) = (new long[Columns * Rows * Channels], new int[Columns * Rows]);
        for (var y = 0; y < frame.Height; y++)
        {
            var row = frame.Rgb.AsSpan(y * frame.Width * Channels, frame.Width * Channels);
            var firstTile = y * Rows / frame.Height * Columns;
            // Every second pixel of a row tells enough.
            for (var x = y & 1; x < frame.Width; x += 2)
            {
                var tile = firstTile + x * Columns / frame.Width;
                for (var channel = 0; channel < Channels; channel++)
                    sums[tile * Channels + channel] += row[x * Channels + channel];
                counts[tile]++;
            }
        }
        return new ColorGrid([.. sums.Select((sum, i) => counts[i / Channels] == 0 ? 0 : (float)sum / counts[i / Channels])]);
    }

    /// <summary>The largest difference of a tile in a channel, 0 to 255.</summary>
    public double DifferenceTo(ColorGrid other)
    {
        var largest = 0f;
        for (var i = 0; i < _means.Length; i++)
            largest = Math.Max(largest, Math.Abs(_means[i] - other._means[i]));
        return largest;
    }
}
