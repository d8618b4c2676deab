using System.Buffers.Binary;

namespace VideoUnderstanding.Media;

/// <summary>
/// AVI and WAV say at their beginning how many bytes they have (RIFF: four letters, then the length of the rest, 32 bits little endian).
/// FFmpeg does not tell: it takes what is there for the whole.
/// </summary>
internal static class RiffExtent
{
    private const int HeaderBytes = 8;

    /// <exception cref="MediaException">More than the given share is missing.</exception>
    public static void Check(string path, double maxMissingShare)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes)
            Check(header, file.Length, maxMissingShare);
    }

    internal static void Check(ReadOnlySpan<byte> header, long length, double maxMissingShare)
    {
        if (!header[..4].SequenceEqual("RIFF"u8))
            return;
        var declared = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        // All ones: written to a pipe, the length was never filled in.
        if (declared != uint.MaxValue && declared + HeaderBytes - length > declared * maxMissingShare)
            throw new MediaException($"The file is cut off: it should have {declared + HeaderBytes} bytes, but has {length}.");
    }
}
