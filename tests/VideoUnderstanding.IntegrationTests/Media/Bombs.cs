using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>Changes normal files into small files that declare excessive sizes, durations or counts. The layouts are those of ISO/IEC
/// 14496-12, RIFF, GIF89a, JPEG and Matroska.</summary>
internal static class Bombs
{
    // Id and size of Matroska's Duration element with an 8-byte value.
    private static ReadOnlySpan<byte> DurationOfEight => [0x44, 0x89, 0x88];

    /// <summary>Sets the picture size of a Matroska file that contains JPEG pictures of 640 x 360.</summary>
    public static void Enlarge(string path, ushort side)
    {
        var bytes = File.ReadAllBytes(path);
        var (high, low) = ((byte)(side >> 8), (byte)side);
        // PixelWidth and PixelHeight of the track, then the JPEG frame header of each picture.
        Replace(bytes, [0xB0, 0x82, 0x02, 0x80], [0xB0, 0x82, high, low]);
        Replace(bytes, [0xBA, 0x82, 0x01, 0x68], [0xBA, 0x82, high, low]);
        Replace(bytes, [0xFF, 0xC0, 0x00, 0x11, 0x08, 0x01, 0x68, 0x02, 0x80], [0xFF, 0xC0, 0x00, 0x11, 0x08, high, low, high, low]);
        File.WriteAllBytes(path, bytes);
    }

    public static void EnlargeGif(string path, ushort side)
    {
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), side);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), side);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Sets the declared duration of a Matroska file.</summary>
    public static void Lengthen(string path, TimeSpan length)
    {
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf(DurationOfEight) + 3), length.TotalMilliseconds);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Makes an AVI file declare 2,147,483,647 pictures at a rate of one million per second.</summary>
    public static void RaiseFrameRate(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var main = bytes.AsSpan(bytes.AsSpan().IndexOf("avih"u8) + 8);
        var track = bytes.AsSpan(bytes.AsSpan().IndexOf("strh"u8) + 8);
        // Main header: microseconds per picture and number of pictures. Track header: scale, rate and length.
        BinaryPrimitives.WriteUInt32LittleEndian(main, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(main[16..], int.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(track[20..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(track[24..], 1_000_000);
        BinaryPrimitives.WriteUInt32LittleEndian(track[32..], int.MaxValue);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Repeats the only track of an MP4 file.</summary>
    public static void RepeatTrack(string path, int times) => Rewrite(path, moov =>
    {
        var (start, end) = Find(moov, "trak");
        return Box("moov", [.. moov[8..start], .. Enumerable.Repeat(moov[start..end], times).SelectMany(track => track), .. moov[end..]]);
    });

    /// <summary>Gives the only track of an MP4 file an edit list that repeats the track.</summary>
    public static void RepeatEdits(string path, int times) => SetEdits(path, [.. Enumerable.Repeat((5000, 0), times)]);

    /// <summary>Gives the only track of an MP4 file an edit list.</summary>
    /// <param name="edits">Shown milliseconds, and the start in ticks of the track.</param>
    public static void SetEdits(string path, params (int Milliseconds, int From)[] edits) => Rewrite(path, moov =>
    {
        var (trackStart, trackEnd) = Find(moov, "trak");
        var (start, end) = Find(moov, "edts");
        byte[] entries = [.. edits.SelectMany(edit => (byte[])[.. Number(edit.Milliseconds), .. Number(edit.From), 0, 1, 0, 0])];
        var track = Box("trak",
            [.. moov[(trackStart + 8)..start], .. Box("edts", Box("elst", [0, 0, 0, 0, .. Number(edits.Length), .. entries])),
                .. moov[end..trackEnd]]);
        return Box("moov", [.. moov[8..trackStart], .. track, .. moov[trackEnd..]]);
    });

    /// <summary>Replaces the index with a compressed one that is small in the file and large after decompression.</summary>
    public static void Compress(string path, int claimedBytes, int unpackedBytes) => Rewrite(path, _ =>
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(new byte[unpackedBytes]);
        return Box("moov",
            Box("cmov", [.. Box("dcom", "zlib"u8.ToArray()), .. Box("cmvd", [.. Number(claimedBytes), .. packed.ToArray()])]));
    });

    /// <summary>Nests the index in the given number of boxes.</summary>
    public static void Nest(string path, int levels) => Rewrite(path, moov =>
    {
        // From the outermost box inwards.
        var nested = new byte[levels * 8 + moov.Length];
        for (var level = 0; level < levels; level++)
        {
            BinaryPrimitives.WriteInt32BigEndian(nested.AsSpan(level * 8), nested.Length - level * 8);
            "moov"u8.CopyTo(nested.AsSpan(level * 8 + 4));
        }
        moov.CopyTo(nested, levels * 8);
        return nested;
    });

    /// <summary>Makes the index of an MP4 file declare the maximum number of samples.</summary>
    public static void CountSamples(string path) => Rewrite(path, moov =>
    {
        var sizes = moov.AsSpan(moov.AsSpan().IndexOf("stsz"u8) + 8);
        BinaryPrimitives.WriteInt32BigEndian(sizes, 1);
        BinaryPrimitives.WriteInt32BigEndian(sizes[4..], int.MaxValue);
        BinaryPrimitives.WriteInt32BigEndian(moov.AsSpan(moov.AsSpan().IndexOf("stts"u8) + 12), int.MaxValue);
        return moov;
    });

    private static void Rewrite(string path, Func<byte[], byte[]> change)
    {
        var bytes = File.ReadAllBytes(path);
        var (start, end) = Find(bytes, "moov");
        File.WriteAllBytes(path, [.. bytes[..start], .. change(bytes[start..end]), .. bytes[end..]]);
    }

    private static (int Start, int End) Find(byte[] bytes, string type)
    {
        var start = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(type)) - 4;
        return (start, start + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start)));
    }

    private static byte[] Box(string type, byte[] content) => [.. Number(content.Length + 8), .. Encoding.ASCII.GetBytes(type), .. content];

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void Replace(byte[] bytes, ReadOnlySpan<byte> old, ReadOnlySpan<byte> by)
    {
        for (var at = bytes.AsSpan().IndexOf(old); at >= 0; at = bytes.AsSpan().IndexOf(old))
            by.CopyTo(bytes.AsSpan(at));
    }
}
