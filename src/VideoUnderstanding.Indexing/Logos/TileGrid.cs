using VideoUnderstanding.Indexing.Pictures;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>The mean colours of a frame's square tiles, <see cref="TilesOfShortSide"/> along its shorter side. Used to measure and compare
/// regions.</summary>
internal sealed class TileGrid
{
    public const int TilesOfShortSide = 48;
    private const int Channels = TileMeans.Channels;

    private readonly float[] _means;

    private TileGrid(int columns, int rows, float[] means) => (Columns, Rows, _means) = (columns, rows, means);

    public int Columns { get; }

    public int Rows { get; }

    public static TileGrid Of(Frame frame)
    {
        var tile = Math.Max(1, Math.Min(frame.Width, frame.Height) / (double)TilesOfShortSide);
        var (columns, rows) = (Math.Max(1, (int)Math.Round(frame.Width / tile)), Math.Max(1, (int)Math.Round(frame.Height / tile)));
        return new TileGrid(columns, rows, TileMeans.Of(frame, columns, rows));
    }

    /// <summary>Returns the largest standard deviation of a colour channel in the region, 0 to 128.</summary>
    public double Contrast(RegionWindow part)
    {
        Span<double> sums = stackalloc double[Channels], squares = stackalloc double[Channels];
        sums.Clear();
        squares.Clear();
        for (var y = part.Top; y < part.Top + part.Side; y++)
            for (var x = part.Left; x < part.Left + part.Side; x++)
                for (var channel = 0; channel < Channels; channel++)
                {
                    double value = _means[(y * Columns + x) * Channels + channel];
                    sums[channel] += value;
                    squares[channel] += value * value;
                }
        var largest = 0.0;
        var count = (double)part.Side * part.Side;
        for (var channel = 0; channel < Channels; channel++)
            largest = Math.Max(largest, squares[channel] / count - Math.Pow(sums[channel] / count, 2));
        return Math.Sqrt(largest);
    }

    /// <summary>Returns the largest difference of a channel's mean in any tile of the region, 0 to 255. Both frames must have the same
    /// size.</summary>
    public double Difference(TileGrid other, RegionWindow part)
    {
        var largest = 0f;
        for (var y = part.Top; y < part.Top + part.Side; y++)
        {
            var first = (y * Columns + part.Left) * Channels;
            for (var i = first; i < first + part.Side * Channels; i++)
                largest = Math.Max(largest, Math.Abs(_means[i] - other._means[i]));
        }
        return largest;
    }
}
