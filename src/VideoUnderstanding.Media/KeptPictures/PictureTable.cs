namespace VideoUnderstanding.Media.KeptPictures;

/// <summary>The table of a file of kept pictures: JPEG pictures of one size without gaps, then this table, then a footer of fixed length.
/// Numbers are little-endian.</summary>
/// <param name="Duration">Seconds of the video.</param>
/// <param name="Width">Pixels of each picture.</param>
/// <param name="Pictures">In order of time.</param>
internal sealed record PictureTable(double Duration, int Width, int Height, IReadOnlyList<PictureTable.Entry> Pictures)
{
    /// <summary>The last bytes of a complete file: "VUPICS01".</summary>
    private const long Magic = 0x3130_5343_4950_5556;

    /// <summary>Greater than any picture that is analysed.</summary>
    private const int MaxSide = 8192;

    private const int EntryBytes = 2 * sizeof(double) + sizeof(byte);
    private const int FooterBytes = sizeof(double) + 3 * sizeof(int) + sizeof(long);

    /// <summary>The properties of a <see cref="Frame"/> other than its pixels.</summary>
    public readonly record struct Entry(double Time, double Start, bool StartsShot);

    public void WriteTo(Stream file)
    {
        using var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true);
        foreach (var picture in Pictures)
        {
            writer.Write(picture.Time);
            writer.Write(picture.Start);
            writer.Write(picture.StartsShot);
        }
        writer.Write(Duration);
        writer.Write(Width);
        writer.Write(Height);
        writer.Write(Pictures.Count);
        writer.Write(Magic);
    }

    /// <exception cref="MediaException">The file is not a complete file of kept pictures.</exception>
    public static PictureTable Read(Stream file)
    {
        using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
        if (file.Length < FooterBytes)
            throw Damaged();
        file.Seek(-FooterBytes, SeekOrigin.End);
        var (duration, width, height, count) = (reader.ReadDouble(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        if (reader.ReadInt64() != Magic || count < 1 || width is < 1 or > MaxSide || height is < 1 or > MaxSide
            || !double.IsFinite(duration)
            || file.Length < FooterBytes + (long)count * EntryBytes)
            throw Damaged();
        file.Seek(-FooterBytes - (long)count * EntryBytes, SeekOrigin.End);
        return new PictureTable(duration, width, height, [.. Enumerable.Range(0, count)
            .Select(_ => new Entry(reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean()))]);
    }

    private static MediaException Damaged() => new("The file of kept pictures is damaged.");
}
