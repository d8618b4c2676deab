using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>A block of ggml's types Q5_0 and Q5_1: a scale, with Q5_1 an offset, the fifth bits of 32 numbers (0 to 31), and their lower
/// four bits. A weight is its number times the scale plus the offset; with Q5_0 the offset is -16 scales.</summary>
/// <remarks>Compiled with all optimisations at once: a model has millions of blocks, which are all read at its load.</remarks>
internal static class FiveBitBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Length = 32;

    public const int BytesWithoutOffset = 22, BytesWithOffset = 24;

    /// <summary>Bytes of a block of Q8_0: a scale, and one signed byte per weight.</summary>
    public const int BytesOfEight = 34;

    private const int HalfBytes = 2, OffsetWithout = 16;

    /// <summary>Reads the 32 weights of a block.</summary>
    /// <param name="block">22 or 24 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(ReadOnlySpan<byte> block, Span<float> weights)
    {
        var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        var offset = block.Length == BytesWithOffset
            ? (float)BinaryPrimitives.ReadHalfLittleEndian(block[HalfBytes..]) : -OffsetWithout * scale;
        Weights(Numbers(block), scale, offset, weights);
    }

    /// <summary>Converts a block to Q8_0. Q5_0 keeps its values. Those of Q5_1 are rounded to 1/254 of the largest one.</summary>
    /// <param name="block">22 or 24 bytes.</param>
    /// <param name="wide">34 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<byte> block, Span<byte> wide)
    {
        var numbers = Numbers(block);
        if (block.Length == BytesWithoutOffset)
        {
            block[..HalfBytes].CopyTo(wide);
            (numbers - Vector256.Create((byte)OffsetWithout)).CopyTo(wide[HalfBytes..]);
            return;
        }
        Span<float> weights = stackalloc float[Length];
        Weights(numbers, (float)BinaryPrimitives.ReadHalfLittleEndian(block),
            (float)BinaryPrimitives.ReadHalfLittleEndian(block[HalfBytes..]), weights);
        var (a, b) = (Vector256.Create<float>(weights), Vector256.Create<float>(weights[8..]));
        var (c, d) = (Vector256.Create<float>(weights[16..]), Vector256.Create<float>(weights[24..]));
        var sizes = Vector256.Max(
            Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
        var four = Vector128.Max(sizes.GetLower(), sizes.GetUpper());
        var largest = Math.Max(Math.Max(four[0], four[1]), Math.Max(four[2], four[3]));
        BinaryPrimitives.WriteHalfLittleEndian(wide, (Half)(largest / sbyte.MaxValue));
        var factor = Vector256.Create(largest > 0 ? sbyte.MaxValue / largest : 0);
        Vector256.Narrow(
            Vector256.Narrow(Rounded(a * factor), Rounded(b * factor)),
            Vector256.Narrow(Rounded(c * factor), Rounded(d * factor))).AsByte().CopyTo(wide[HalfBytes..]);
    }

    /// <summary>The lower half of byte i belongs to number i, the upper half to number i + 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Numbers(ReadOnlySpan<byte> block)
    {
        var bits = block[(block.Length - Length / 2)..];
        var halves = Vector128.Create(bits);
        var lower = Vector256.Create(halves & Vector128.Create((byte)15), halves >> 4);
        // Byte i of "spread" is the byte of the fifth bits that contains the bit of number i; byte i of "bit" selects that bit.
        var fifth = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(block[(block.Length - Length / 2 - 4)..])).AsByte();
        var spread = Vector256.Create(
            Vector128.Shuffle(fifth, Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)),
            Vector128.Shuffle(fifth, Vector128.Create((byte)2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3)));
        var bit = Vector256.Create(0x8040201008040201).AsByte();
        return lower | Vector256.Equals(spread & bit, bit) & Vector256.Create((byte)16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weights(Vector256<byte> numbers, float scale, float offset, Span<float> weights)
    {
        var (low, high) = Vector256.Widen(numbers);
        var ((a, b), (c, d)) = (Vector256.Widen(low), Vector256.Widen(high));
        var (factor, shift) = (Vector256.Create(scale), Vector256.Create(offset));
        (Vector256.ConvertToSingle(a.AsInt32()) * factor + shift).CopyTo(weights);
        (Vector256.ConvertToSingle(b.AsInt32()) * factor + shift).CopyTo(weights[8..]);
        (Vector256.ConvertToSingle(c.AsInt32()) * factor + shift).CopyTo(weights[16..]);
        (Vector256.ConvertToSingle(d.AsInt32()) * factor + shift).CopyTo(weights[24..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rounded(Vector256<float> values) => Vector256.ConvertToInt32(Vector256.Round(values));
}
