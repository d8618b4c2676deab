using System.Buffers.Binary;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

public sealed class GgmlWeightsTests : IDisposable
{
    private const int Q50 = 6, Q51 = 7, Q8 = 8;
    private const int FileQ50 = 2008, FileQ51 = 2009, FileQ8 = 2007;

    private readonly string _path = Path.GetTempFileName();

    /// <summary>Numbers 0 to 31 in the order of a block.</summary>
    private static readonly int[] Numbers = [.. Enumerable.Range(0, 32).Select(i => i * 7 % 32)];

    [Fact]
    public void Weights_without_an_offset_keep_their_values()
    {
        File.WriteAllBytes(_path, Model(FileQ50, Q50, Block(0.5f, null)));

        var (kind, type, values) = Read(GgmlWeights.ReadWidened(_path)!);

        Assert.Equal((FileQ8, Q8), (kind, type));
        Assert.Equal(Numbers.Select(number => 0.5f * (number - 16)), values);
    }

    [Fact]
    public void Weights_with_an_offset_differ_by_less_than_a_hundredth_of_the_largest()
    {
        File.WriteAllBytes(_path, Model(FileQ51, Q51, Block(0.25f, -3)));

        var (kind, type, values) = Read(GgmlWeights.ReadWidened(_path)!);

        Assert.Equal((FileQ8, Q8), (kind, type));
        float[] expected = [.. Numbers.Select(number => 0.25f * number - 3)];
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, expected.Max(Math.Abs) / 100));
    }

    /// <summary>More than half of a step, because scales and offsets are rounded, too.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(-3f)]
    public void Weights_of_four_bits_differ_by_about_half_a_step(float? offset)
    {
        float scale = 0.25f, lowest = offset ?? -16 * scale;
        byte[] blocks = [.. Enumerable.Range(0, 8).SelectMany(_ => Block(scale, offset))];
        File.WriteAllBytes(_path, Model(offset is null ? FileQ50 : FileQ51, offset is null ? Q50 : Q51, blocks, width: 256));

        var model = GgmlWeights.ReadCompact(_path)!;

        Assert.Equal(2012, BinaryPrimitives.ReadInt32LittleEndian(model.AsSpan(44)));
        var (step, found) = (31 * scale / 15, FourBits(model.AsSpan(model.Length - 144)));
        Assert.All(Enumerable.Range(0, 256),
            i => Assert.Equal(lowest + scale * Numbers[i % 32], found[i], 0.6 * step));
    }

    [Fact]
    public void Rows_that_four_bit_blocks_cannot_store_are_not_converted()
    {
        File.WriteAllBytes(_path, Model(FileQ51, Q51, Block(0.25f, -3)));

        Assert.Null(GgmlWeights.ReadCompact(_path));
    }

    [Fact]
    public void A_file_with_other_weights_is_not_converted()
    {
        File.WriteAllBytes(_path, Model(FileQ8, Q8, new byte[34]));

        Assert.Null(GgmlWeights.ReadWidened(_path));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(-1)]
    public void A_truncated_file_is_refused(int length)
    {
        var model = Model(FileQ51, Q51, Block(0.25f, -3));
        File.WriteAllBytes(_path, model[..(length < 0 ? model.Length + length : length)]);

        Assert.Throws<InvalidDataException>(() => GgmlWeights.ReadWidened(_path));
    }

    /// <summary>A model with one filter of two frequencies, one word, and one tensor with one block.</summary>
    private static byte[] Model(int kind, int type, byte[] block, int width = 32) =>
    [
        .. "lmgg"u8, .. Enumerable.Repeat(width, 10).SelectMany(Bytes), .. Bytes(kind), .. Bytes(1), .. Bytes(2), .. new byte[8],
        .. Bytes(1), .. Bytes(3), .. "abc"u8, .. Bytes(1), .. Bytes(4), .. Bytes(type), .. Bytes(width), .. "name"u8, .. block,
    ];

    /// <summary>Unpacks a block of Q4_K: two factors, 6 bits of scale and minimum for each of 8 groups, 256 numbers.</summary>
    private static float[] FourBits(Span<byte> block)
    {
        var (factor, minimumFactor) = ((float)BinaryPrimitives.ReadHalfLittleEndian(block),
            (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]));
        var (packed, numbers, values) = (block[4..16].ToArray(), block[16..].ToArray(), new float[256]);
        for (var i = 0; i < values.Length; i++)
        {
            var group = i / 32;
            var (scale, minimum) = group < 4 ? (packed[group] & 63, packed[group + 4] & 63)
                : (packed[group + 4] & 15 | packed[group - 4] >> 6 << 4, packed[group + 4] >> 4 | packed[group] >> 6 << 4);
            var number = numbers[group / 2 * 32 + i % 32] >> group % 2 * 4 & 15;
            values[i] = factor * scale * number - minimumFactor * minimum;
        }
        return values;
    }

    private static byte[] Bytes(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static byte[] Block(float scale, float? offset)
    {
        var fifth = Numbers.Select((number, i) => (uint)(number >> 4) << i).Aggregate((all, bit) => all | bit);
        var lower = Enumerable.Range(0, 16).Select(i => (byte)(Numbers[i] & 15 | (Numbers[i + 16] & 15) << 4));
        return [.. Bytes((Half)scale), .. offset is { } given ? Bytes((Half)given) : [], .. Bytes((int)fifth), .. lower];
    }

    private static byte[] Bytes(Half number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteHalfLittleEndian(bytes, number);
        return bytes;
    }

    private static (int Kind, int Type, IEnumerable<float> Values) Read(byte[] model)
    {
        var block = model.AsSpan(model.Length - 34);
        var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        var values = block[2..].ToArray().Select(value => scale * (sbyte)value).ToList();
        var tensor = model.AsSpan(model.Length - 34 - 4 - 4 - 12);
        Assert.Equal("name"u8, tensor.Slice(16, 4));
        return (BinaryPrimitives.ReadInt32LittleEndian(model.AsSpan(44)), BinaryPrimitives.ReadInt32LittleEndian(tensor[8..]), values);
    }

    public void Dispose() => File.Delete(_path);
}
