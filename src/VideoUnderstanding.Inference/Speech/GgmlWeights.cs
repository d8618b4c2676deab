using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Reads a Whisper model in ggml format and converts its 5-bit weights to 8 or to 4 bits. On a CPU the library multiplies 8-bit
/// weights in about half of the time, because it need not unpack them for each product. For 4 bits (Q4_K) it has fast products of
/// matrices.</summary>
internal static class GgmlWeights
{
    /// <summary>Number of integers after the magic number: sizes of the network, and the kind of its weights as the last one.</summary>
    private const int HeaderNumbers = 11;

    /// <summary>Indices of the lengths of the rows of the encoder and of the decoder, where the magic number has index 0.</summary>
    private const int EncoderWidth = 3, DecoderWidth = 7;

    /// <summary>The kind of weights of a file is stored together with 1000 times the version of the quantisation.</summary>
    private const int VersionFactor = 1000;

    /// <summary>Kinds of weights of a file (<c>ggml_ftype</c>).</summary>
    private const int FileQ8 = 7, FileQ50 = 8, FileQ51 = 9, FileQ4K = 12;

    /// <summary>Types of a tensor (<c>ggml_type</c>) and the bytes of one block.</summary>
    private const int F32 = 0, F16 = 1, Q50 = 6, Q51 = 7, Q8 = 8, Q4K = 12;

    /// <summary>Blocks with 5 bits that become one block with 4 bits.</summary>
    private const int BlocksPerTarget = FourBitBlock.Length / FiveBitBlock.Length;

    /// <summary>Blocks that one thread converts at a time; a multiple of <see cref="BlocksPerTarget"/>.</summary>
    private const int BlocksAtOnce = 4096;

    /// <summary>Reads a file with 5-bit weights.</summary>
    /// <returns>The same model with 8-bit weights; null for a file with other weights.</returns>
    /// <exception cref="InvalidDataException">The file ends early, or has an unexpected tensor.</exception>
    public static byte[]? ReadWidened(string path) => Read(path, FileQ8);

    /// <summary>Reads a file with 5-bit weights.</summary>
    /// <returns>The same model with 4-bit weights; null for a file with other weights or with rows that Q4_K cannot store.</returns>
    /// <exception cref="InvalidDataException">The file ends early, or has an unexpected tensor.</exception>
    public static byte[]? ReadCompact(string path) => Read(path, FileQ4K);

    private static byte[]? Read(string path, int targetKind)
    {
        var start = new byte[4 * (1 + HeaderNumbers)];
        using (var file = File.OpenRead(path))
        {
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
                throw EndsEarly();
        }
        var header = MemoryMarshal.Cast<byte, int>(start);
        var kind = header[HeaderNumbers];
        var hasBlocks = header[EncoderWidth] % FourBitBlock.Length == 0 && header[DecoderWidth] % FourBitBlock.Length == 0;
        if (kind % VersionFactor is not (FileQ50 or FileQ51) || targetKind == FileQ4K && !hasBlocks)
            return null;
        var reader = new Reader(File.ReadAllBytes(path));
        var target = new MemoryStream((int)(reader.Length * 3 / 2));
        reader.CopyTo(target, start.Length - 4);
        reader.Skip(4);
        Write(target, kind - kind % VersionFactor + targetKind);
        CopyFiltersAndWords(reader, target);
        while (!reader.AtEnd)
            CopyTensor(reader, target, targetKind == FileQ4K ? Q4K : Q8);
        return target.ToArray();
    }

    private static void CopyFiltersAndWords(Reader reader, MemoryStream target)
    {
        var (bands, frequencies) = (reader.Peek(0), reader.Peek(4));
        reader.CopyTo(target, 8 + 4L * bands * frequencies);
        var words = reader.Peek(0);
        reader.CopyTo(target, 4);
        for (var word = 0; word < words; word++)
            reader.CopyTo(target, 4 + (long)reader.Peek(0));
    }

    /// <summary>Layout of a tensor: number of dimensions, length of the name, type, dimensions, name, values.</summary>
    private static void CopyTensor(Reader reader, MemoryStream target, int targetType)
    {
        var (dimensions, nameLength, type) = (reader.Peek(0), reader.Peek(4), reader.Peek(8));
        if (dimensions is < 1 or > 4)
            throw new InvalidDataException($"A tensor has {dimensions} dimensions.");
        var count = 1L;
        for (var i = 0; i < dimensions; i++)
            count *= reader.Peek(12 + 4 * i);
        reader.CopyTo(target, 8);
        reader.Skip(4);
        Write(target, type is Q50 or Q51 ? targetType : type);
        reader.CopyTo(target, 4L * dimensions + nameLength);
        switch (type)
        {
            case F32:
                reader.CopyTo(target, 4 * count);
                break;
            case F16:
                reader.CopyTo(target, 2 * count);
                break;
            case Q50 or Q51:
                var blockBytes = type == Q50 ? FiveBitBlock.BytesWithoutOffset : FiveBitBlock.BytesWithOffset;
                target.Write(Convert(reader.Take(count / FiveBitBlock.Length * blockBytes), blockBytes, targetType));
                break;
            default:
                throw new InvalidDataException($"A tensor has the type {type}.");
        }
    }

    /// <param name="blockBytes">Bytes of a block of 32 weights, which identify its type.</param>
    private static byte[] Convert(ReadOnlyMemory<byte> blocks, int blockBytes, int targetType)
    {
        var count = blocks.Length / blockBytes;
        var converted = new byte[targetType == Q8 ? count * FiveBitBlock.BytesOfEight : count / BlocksPerTarget * FourBitBlock.Bytes];
        Parallel.For(0, (count + BlocksAtOnce - 1) / BlocksAtOnce, part =>
        {
            var (from, to) = (part * BlocksAtOnce, Math.Min(count, (part + 1) * BlocksAtOnce));
            if (targetType == Q8)
                Widen(blocks.Span[(from * blockBytes)..(to * blockBytes)], blockBytes, converted.AsSpan(from * FiveBitBlock.BytesOfEight));
            else
                Compact(blocks.Span[(from * blockBytes)..(to * blockBytes)], blockBytes,
                    converted.AsSpan(from / BlocksPerTarget * FourBitBlock.Bytes));
        });
        return converted;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ReadOnlySpan<byte> blocks, int blockBytes, Span<byte> wide)
    {
        for (var block = 0; block < blocks.Length / blockBytes; block++)
            FiveBitBlock.Widen(blocks.Slice(block * blockBytes, blockBytes),
                wide.Slice(block * FiveBitBlock.BytesOfEight, FiveBitBlock.BytesOfEight));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compact(ReadOnlySpan<byte> blocks, int blockBytes, Span<byte> compact)
    {
        Span<float> weights = stackalloc float[FourBitBlock.Length];
        for (var target = 0; target < blocks.Length / blockBytes / BlocksPerTarget; target++)
        {
            for (var i = 0; i < BlocksPerTarget; i++)
                FiveBitBlock.Read(blocks.Slice((target * BlocksPerTarget + i) * blockBytes, blockBytes),
                    weights[(i * FiveBitBlock.Length)..]);
            FourBitBlock.Write(weights, compact.Slice(target * FourBitBlock.Bytes, FourBitBlock.Bytes));
        }
    }

    private static void Write(MemoryStream target, int number)
        => target.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref number)));

    private static InvalidDataException EndsEarly() => new("The file ends early.");

    /// <summary>Reads from a file in memory.</summary>
    private sealed class Reader(byte[] file)
    {
        private int _at;

        public long Length => file.LongLength;

        public bool AtEnd => _at == file.Length;

        /// <summary>The integer at an offset from the current position.</summary>
        public int Peek(int offset) => offset + 4 > file.Length - _at ? throw EndsEarly()
            : BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(_at + offset));

        public ReadOnlyMemory<byte> Take(long count)
        {
            if (count < 0 || count > file.Length - _at)
                throw EndsEarly();
            var taken = file.AsMemory(_at, (int)count);
            _at += (int)count;
            return taken;
        }

        public void Skip(int count) => Take(count);

        public void CopyTo(MemoryStream target, long count) => target.Write(Take(count).Span);
    }
}
