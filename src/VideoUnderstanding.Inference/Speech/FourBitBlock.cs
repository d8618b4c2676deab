using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>A block of ggml's type Q4_K: 256 weights in 8 groups. A weight is its number (0 to 15) times the scale of its group, less the
/// minimum of its group. Scales and minima have 6 bits each and a common factor.</summary>
internal static class FourBitBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Length = 256;

    /// <summary>Two factors of two bytes, 12 bytes of scales and minima, half a byte per weight.</summary>
    public const int Bytes = 144;

    private const int Groups = 8, GroupLength = Length / Groups, MostOfNumber = 15, MostOfScale = 63;

    /// <summary>The range of a group is divided in this many steps. The best one by the squared error is taken: fewer steps cut the largest
    /// weights off, more steps leave numbers unused.</summary>
    private static readonly float[] Steps = [13.8f, 14.2f, 14.6f, 15, 15.4f, 15.8f, 16.2f];

    /// <param name="values">256 weights.</param>
    /// <param name="block">144 bytes of zeros.</param>
    public static void Write(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[Groups], minima = stackalloc float[Groups];
        var (largestScale, largestMinimum) = (0f, 0f);
        for (var group = 0; group < Groups; group++)
        {
            (scales[group], minima[group]) = Fit(values.Slice(group * GroupLength, GroupLength));
            largestScale = Math.Max(largestScale, scales[group]);
            largestMinimum = Math.Max(largestMinimum, minima[group]);
        }
        var (scaleFactor, minimumFactor) = ((Half)(largestScale / MostOfScale), (Half)(largestMinimum / MostOfScale));
        BinaryPrimitives.WriteHalfLittleEndian(block, scaleFactor);
        BinaryPrimitives.WriteHalfLittleEndian(block[2..], minimumFactor);
        for (var group = 0; group < Groups; group++)
        {
            var (scale, minimum) = (Round(scales[group], (float)scaleFactor, MostOfScale),
                Round(minima[group], (float)minimumFactor, MostOfScale));
            WriteScale(block[4..16], group, scale, minimum);
            var (step, offset) = (scale * (float)scaleFactor, minimum * (float)minimumFactor);
            // A byte has a weight of a group and one of the next group.
            var numbers = block.Slice(16 + group / 2 * GroupLength, GroupLength);
            for (var i = 0; i < GroupLength; i++)
                numbers[i] |= (byte)(Round(values[group * GroupLength + i] + offset, step, MostOfNumber) << (group % 2 * 4));
        }
    }

    private static int Round(float value, float step, int most) => step > 0 ? Math.Clamp((int)MathF.Round(value / step), 0, most) : 0;

    /// <summary>The first four groups have a byte for the scale and one for the minimum. The upper two bits of these bytes are those of the
    /// other groups, whose lower four bits share a byte.</summary>
    private static void WriteScale(Span<byte> packed, int group, int scale, int minimum)
    {
        if (group < Groups / 2)
        {
            packed[group] |= (byte)scale;
            packed[group + 4] |= (byte)minimum;
            return;
        }
        packed[group + 4] = (byte)(scale & 15 | (minimum & 15) << 4);
        packed[group - 4] |= (byte)(scale >> 4 << 6);
        packed[group] |= (byte)(minimum >> 4 << 6);
    }

    /// <summary>Finds the scale and the minimum with the least squared error.</summary>
    private static (float Scale, float Minimum) Fit(ReadOnlySpan<float> values)
    {
        var (lowest, highest, sum) = (0f, 0f, 0f);
        foreach (var value in values)
            (lowest, highest, sum) = (Math.Min(lowest, value), Math.Max(highest, value), sum + value);
        if (highest <= lowest)
            return (0, 0);
        var (best, least) = ((0f, 0f), float.MaxValue);
        foreach (var steps in Steps)
        {
            var found = Fit(values, lowest, steps / (highest - lowest), sum);
            if (found.Error < least)
                (best, least) = ((found.Scale, found.Minimum), found.Error);
        }
        return best;
    }

    /// <summary>Rounds the values to numbers and finds the line through numbers and values (least squares).</summary>
    private static (float Scale, float Minimum, float Error) Fit(ReadOnlySpan<float> values, float lowest, float factor, float sum)
    {
        var (ones, squares, products) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i < GroupLength; i += Vector256<float>.Count)
        {
            var value = Vector256.Create(values[i..]);
            var number = Number(value, lowest, factor);
            (ones, squares, products) = (ones + number, squares + number * number, products + number * value);
        }
        var (n, nn, nv) = (Vector256.Sum(ones), Vector256.Sum(squares), Vector256.Sum(products));
        var determinant = GroupLength * nn - n * n;
        var offset = determinant > 0 ? (nn * sum - n * nv) / determinant : 0;
        var scale = determinant > 0 ? (GroupLength * nv - n * sum) / determinant : 0;
        // The minimum is stored without a sign.
        if (offset > 0 || determinant <= 0)
            (offset, scale) = (0, nn > 0 ? nv / nn : 0);
        var errors = Vector256<float>.Zero;
        for (var i = 0; i < GroupLength; i += Vector256<float>.Count)
        {
            var value = Vector256.Create(values[i..]);
            var error = Number(value, lowest, factor) * scale + Vector256.Create(offset) - value;
            errors += error * error;
        }
        return (Math.Max(0, scale), -offset, Vector256.Sum(errors));
    }

    private static Vector256<float> Number(Vector256<float> value, float lowest, float factor)
        => Vector256.Clamp(Vector256.Round((value - Vector256.Create(lowest)) * factor), Vector256<float>.Zero,
            Vector256.Create((float)MostOfNumber));
}
