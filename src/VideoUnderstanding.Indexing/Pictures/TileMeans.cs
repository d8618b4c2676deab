using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>Computes the mean colours of a frame's tiles.</summary>
internal static class TileMeans
{
    public const int Channels = 3;

    /// <returns>Values of 0 to 255 in row-major order of the tiles: red, green and blue of each.</returns>
    public static float[] Of(Frame frame, int columns, int rows)
    {
        var (sums, counts) = (new long[columns * rows * Channels], new int[columns * rows]);
        for (var y = 0; y < frame.Height; y++)
        {
            var row = frame.Rgb.AsSpan(y * frame.Width * Channels, frame.Width * Channels);
            var first = (int)((long)y * rows / frame.Height) * columns;
            // Every second pixel is precise enough.
            for (var x = y & 1; x < frame.Width; x += 2)
            {
                var tile = first + (int)((long)x * columns / frame.Width);
                counts[tile]++;
                for (var channel = 0; channel < Channels; channel++)
                    sums[tile * Channels + channel] += row[x * Channels + channel];
            }
        }
        return [.. sums.Select((sum, i) => counts[i / Channels] == 0 ? 0f : (float)sum / counts[i / Channels])];
    }
}
