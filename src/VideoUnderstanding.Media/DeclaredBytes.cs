using System.Buffers.Binary;

namespace VideoUnderstanding.Media;

/// <summary>The length that a file declares in its header. FFmpeg accepts shorter files without an error.</summary>
/// <param name="Declared">Bytes according to the header.</param>
/// <param name="Real">Bytes of the file.</param>
internal sealed record DeclaredBytes(long Declared, long Real)
{
    private const int SniffedBytes = 4096;
    private const int RiffHeader = 8;

    public bool TooFew(double maxMissingShare) => Declared - Real > Declared * maxMissingShare;

    /// <summary>Returns null if the header does not declare a length.</summary>
    public static DeclaredBytes? Read(string path)
    {
        var start = new byte[SniffedBytes];
        using var file = File.OpenRead(path);
        return Parse(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)), file.Length);
    }

    internal static DeclaredBytes? Parse(ReadOnlySpan<byte> start, long length)
        => start.StartsWith("RIFF"u8) ? Riff(start, length) : start.StartsWith("FLV"u8) ? Flash(start, length) : null;

    // AVI and WAV: four letters, then the length of the rest, 32 bits little endian. All ones means unknown: the file was written to a
    // pipe.
    private static DeclaredBytes? Riff(ReadOnlySpan<byte> start, long length)
        => start.Length >= RiffHeader && BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) is var rest and not uint.MaxValue
            ? new((long)rest + RiffHeader, length) : null;

    // FLV: the script tag at the start may have a number (type 0, then 64 bits big endian) named filesize.
    private static DeclaredBytes? Flash(ReadOnlySpan<byte> start, long length)
    {
        var name = "\0\u0008filesize\0"u8;
        var at = start.IndexOf(name);
        return at >= 0 && start.Length >= at + name.Length + sizeof(double)
            && BinaryPrimitives.ReadDoubleBigEndian(start[(at + name.Length)..]) is > 0 and < long.MaxValue and var bytes
            ? new((long)bytes, length) : null;
    }
}
