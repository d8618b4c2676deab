using System.Buffers;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>The size to which a picture is scaled, and the rectangle of it that is kept.</summary>
/// <param name="Width">Width of the whole scaled picture, in pixels.</param>
/// <param name="Left">First kept column.</param>
/// <param name="KeptWidth">Kept columns.</param>
internal readonly record struct ScaledRectangle(int Width, int Height, int Left, int Top, int KeptWidth, int KeptHeight);

/// <summary>Scales interleaved 8-bit RGB and computes only the kept pixels.</summary>
internal static class PictureScaler
{
    /// <summary>One half in fixed point: sums start with it, so that truncation rounds.</summary>
    private const int Half = 1 << (ResampleWeights.Precision - 1);

    /// <summary>Writes the kept rectangle to <paramref name="target"/>, interleaved RGB.</summary>
    /// <param name="source"><paramref name="width"/> * <paramref name="height"/> * 3 bytes.</param>
    public static void Scale(
        ReadOnlySpan<byte> source, int width, int height, ScaledRectangle goal, ResampleFilter filter, Span<byte> target)
    {
        var columns = ResampleWeights.Create(filter, width, goal.Width, goal.Left, goal.KeptWidth);
        var rows = ResampleWeights.Create(filter, height, goal.Height, goal.Top, goal.KeptHeight);
        var (first, last) = (rows.Starts[0], rows.Starts[^1] + rows.Counts[^1]);
        var stride = goal.KeptWidth * 3;
        var rented = ArrayPool<byte>.Shared.Rent((last - first) * stride);
        try
        {
            var between = rented.AsSpan(0, (last - first) * stride);
            for (var y = first; y < last; y++)
                ScaleRow(source.Slice(y * width * 3, width * 3), columns, between.Slice((y - first) * stride, stride));
            ScaleColumns(between, first, stride, rows, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void ScaleRow(ReadOnlySpan<byte> source, ResampleWeights columns, Span<byte> target)
    {
        for (var x = 0; x < columns.Starts.Length; x++)
        {
            var pixel = target.Slice(x * 3, 3);
            var (red, green, blue) = (Half, Half, Half);
            var weights = columns.Values.AsSpan(x * columns.Taps, columns.Counts[x]);
            var pixels = source.Slice(columns.Starts[x] * 3, weights.Length * 3);
            for (var k = 0; k < weights.Length; k++)
            {
                var weight = weights[k];
                red += pixels[k * 3] * weight;
                green += pixels[k * 3 + 1] * weight;
                blue += pixels[k * 3 + 2] * weight;
            }
            (pixel[0], pixel[1], pixel[2]) = (ToByte(red), ToByte(green), ToByte(blue));
        }
    }

    private static void ScaleColumns(ReadOnlySpan<byte> source, int firstRow, int stride, ResampleWeights rows, Span<byte> target)
    {
        var sums = ArrayPool<int>.Shared.Rent(stride);
        var line = sums.AsSpan(0, stride);
        for (var y = 0; y < rows.Starts.Length; y++)
        {
            var result = target.Slice(y * stride, stride);
            line.Fill(Half);
            for (var k = 0; k < rows.Counts[y]; k++)
            {
                var weight = rows.Values[y * rows.Taps + k];
                var row = source.Slice((rows.Starts[y] + k - firstRow) * stride, stride);
                for (var i = 0; i < row.Length; i++)
                    line[i] += row[i] * weight;
            }
            for (var i = 0; i < result.Length; i++)
                result[i] = ToByte(line[i]);
        }
        ArrayPool<int>.Shared.Return(sums);
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> ResampleWeights.Precision, 0, 255);
}
