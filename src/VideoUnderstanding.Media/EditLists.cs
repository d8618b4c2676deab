using System.Buffers.Binary;

namespace VideoUnderstanding.Media;

/// <summary>Limits the edit lists of MP4 and MOV (ISO/IEC 14496-12, 8.6.6), which define the shown parts of a track. FFmpeg copies a
/// track's index for each entry, so many entries make a small file cost seconds and hundreds of megabytes. Cameras and editors write a
/// few.</summary>
internal static class EditLists
{
    private const int MaxEntries = 5000;
    private const int HeaderBytes = 8;

    // Fragmented files have one or two boxes for each fragment, after the moov box.
    private const int MaxBoxes = 100_000;

    /// <exception cref="MediaException">There are too many entries.</exception>
    public static void Check(string path)
    {
        using var file = File.OpenRead(path);
        var (entries, boxes) = (0L, 0);
        Count(file, 0, file.Length, "moov", ref entries, ref boxes);
        if (entries > MaxEntries)
            throw new MediaException($"The file can not be read: its edit lists have {entries} entries, at most {MaxEntries} are read.");
    }

    // Malformed boxes are left to FFmpeg.
    private static void Count(FileStream file, long from, long to, string box, ref long entries, ref int boxes)
    {
        Span<byte> header = stackalloc byte[HeaderBytes * 2];
        while (to - from >= HeaderBytes && boxes++ < MaxBoxes)
        {
            file.Position = from;
            var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (read < HeaderBytes)
                return;
            var (length, begin) = ((long)BinaryPrimitives.ReadUInt32BigEndian(header), from + HeaderBytes);
            if (length == 1 && read == header.Length)
                (length, begin) = (BinaryPrimitives.ReadInt64BigEndian(header[HeaderBytes..]), begin + HeaderBytes);
            var end = length == 0 || length > to - from ? to : from + length;
            if (end < begin)
                return;
            if (Matches(header, box))
            {
                if (box == "elst" && read == header.Length)
                    // Version and flags, then the count.
                    entries += BinaryPrimitives.ReadUInt32BigEndian(header[(HeaderBytes + 4)..]);
                else if (Inside(box) is { } inner)
                    Count(file, begin, end, inner, ref entries, ref boxes);
            }
            from = end;
        }
    }

    private static string? Inside(string box) => box switch { "moov" => "trak", "trak" => "edts", "edts" => "elst", _ => null };

    private static bool Matches(ReadOnlySpan<byte> header, string name)
        => header[4] == name[0] && header[5] == name[1] && header[6] == name[2] && header[7] == name[3];
}
