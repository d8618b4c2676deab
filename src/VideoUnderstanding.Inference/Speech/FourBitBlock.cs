using System.Buffers.Binary;
using System.Runtime.CompilerServices;
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
    private static ReadOnlySpan<float> Steps => [13.8f, 14.2f, 14.6f, 15, 15.4f, 15.8f, 16.2f];

    /// <remarks>Compiled with all optimisations at once: a model has hundreds of thousands of blocks, which are all written at its load.
    /// </remarks>
    /// <param name="values">256 weights.</param>
    /// <param name="block">144 bytes of zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        var (scaleUnit, minimumUnit) = ((float)scaleFactor, (float)minimumFactor);
        for (var group = 0; group < Groups; group++)
        {
            var (scale, minimum) = (Round(scales[group], scaleUnit, MostOfScale), Round(minima[group], minimumUnit, MostOfScale));
            WriteScale(block[4..16], group, scale, minimum);
            if (scale * scaleUnit == 0)
                continue;
            // A byte has a weight of a group and one of the next group.
            var target = block.Slice(16 + group / 2 * GroupLength, GroupLength);
            var numbers = Numbers(values.Slice(group * GroupLength, GroupLength), scale * scaleUnit, minimum * minimumUnit);
            (Vector256.Create<byte>(target) | numbers << (group % 2 * 4)).CopyTo(target);
        }
    }

    /// <summary>Returns the numbers of the 32 weights of a group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Numbers(ReadOnlySpan<float> values, float step, float offset)
        => Vector256.Narrow(
            Vector256.Narrow(Rounded(values, step, offset), Rounded(values[8..], step, offset)),
            Vector256.Narrow(Rounded(values[16..], step, offset), Rounded(values[24..], step, offset))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rounded(ReadOnlySpan<float> values, float step, float offset)
        => Vector256.ConvertToInt32(Number((Vector256.Create(values) + Vector256.Create(offset)) / Vector256.Create(step)));

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Scale, float Minimum) Fit(ReadOnlySpan<float> values)
    {
        var (lowest, highest, sum) = (0f, 0f, 0f);
        foreach (var value in values)
            (lowest, highest, sum) = (Math.Min(lowest, value), Math.Max(highest, value), sum + value);
        if (highest <= lowest)
            return (0, 0);
        var group = (Vector256.Create(values), Vector256.Create(values[8..]),
            Vector256.Create(values[16..]), Vector256.Create(values[24..]));
        var (bestScale, bestMinimum, least) = (0f, 0f, float.MaxValue);
        foreach (var steps in Steps)
        {
            var (scale, minimum, error) = Fit(group, lowest, steps / (highest - lowest), sum);
            if (error < least)
                (bestScale, bestMinimum, least) = (scale, minimum, error);
        }
        return (bestScale, bestMinimum);
    }

    /// <summary>Rounds the values to numbers and finds the line through numbers and values (least squares).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Scale, float Minimum, float Error) Fit(
        (Vector256<float> A, Vector256<float> B, Vector256<float> C, Vector256<float> D) values, float lowest, float factor, float sum)
    {
        var (low, times) = (Vector256.Create(lowest), Vector256.Create(factor));
        var (a, b) = (Number((values.A - low) * times), Number((values.B - low) * times));
        var (c, d) = (Number((values.C - low) * times), Number((values.D - low) * times));
        var (n, nn, nv) = (Vector256.Sum(a + b + c + d), Vector256.Sum(a * a + b * b + c * c + d * d),
            Vector256.Sum(a * values.A + b * values.B + c * values.C + d * values.D));
        var determinant = GroupLength * nn - n * n;
        var offset = determinant > 0 ? (nn * sum - n * nv) / determinant : 0;
        var scale = determinant > 0 ? (GroupLength * nv - n * sum) / determinant : 0;
        // The minimum is stored without a sign.
        if (offset > 0 || determinant <= 0)
            (offset, scale) = (0, nn > 0 ? nv / nn : 0);
        var (slope, shift) = (Vector256.Create(scale), Vector256.Create(offset));
        var (errorA, errorB) = (a * slope + shift - values.A, b * slope + shift - values.B);
        var (errorC, errorD) = (c * slope + shift - values.C, d * slope + shift - values.D);
        return (Math.Max(0, scale), -offset, Vector256.Sum(errorA * errorA + errorB * errorB + errorC * errorC + errorD * errorD));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Number(Vector256<float> value)
        => Vector256.Min(Vector256.Max(Vector256.Round(value), Vector256<float>.Zero), Vector256.Create((float)MostOfNumber));
}
