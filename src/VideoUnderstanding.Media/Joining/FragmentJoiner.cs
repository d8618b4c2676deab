using System.Buffers.Binary;
using System.Text;

namespace VideoUnderstanding.Media.Joining;

/// <summary>Joins fragmented MP4 files with equal decoder settings into one, while they are read (ISO/IEC 14496-12). It changes the number
/// of each fragment and its decoding times, and writes the length of the whole file into the header.</summary>
/// <param name="totalTicks">Length of the whole file in ticks of <see cref="JoinedFormat.TicksPerSecond"/>.</param>
internal sealed class FragmentJoiner(Stream output, long totalTicks)
{
    private const int HeaderBytes = 8;

    /// <summary>Maximum bytes of a box that is read into memory: header, or index of a fragment of two seconds.</summary>
    private const int MaxBoxBytes = 1 << 20;

    private readonly byte[] _block = new byte[64 << 10];
    private byte[]? _movie;
    private uint _fragments;

    /// <summary>Appends all fragments of a file. The first fragment must have pictures; before it nothing is written.</summary>
    /// <param name="starts">Decoding time, in ticks of the track, at which each track continues.</param>
    /// <returns>The number of pictures; 0 if the first fragment has none.</returns>
    /// <exception cref="MediaException">The file ends early.</exception>
    /// <exception cref="InvalidDataException">The file is not of the expected form.</exception>
    public async Task<int> AppendAsync(Stream part, IReadOnlyList<long> starts, CancellationToken cancellationToken)
    {
        (byte[] Type, byte[] Movie) header = ([], []);
        var shifts = new long?[starts.Count];
        var pictures = 0;
        while (await ReadHeaderAsync(part, cancellationToken).ConfigureAwait(false) is { } box)
        {
            switch (box.Type)
            {
                case "ftyp":
                    header.Type = await ReadBoxAsync(part, box, cancellationToken).ConfigureAwait(false);
                    break;
                case "moov":
                    header.Movie = await ReadBoxAsync(part, box, cancellationToken).ConfigureAwait(false);
                    break;
                case "moof":
                    var fragment = await ReadBoxAsync(part, box, cancellationToken).ConfigureAwait(false);
                    pictures += Renumber(fragment, starts, shifts);
                    if (pictures == 0)
                        return 0;
                    await WriteMovieAsync(header.Type, header.Movie, cancellationToken).ConfigureAwait(false);
                    await output.WriteAsync(fragment, cancellationToken).ConfigureAwait(false);
                    break;
                case "mdat":
                    await CopyAsync(part, box, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new InvalidDataException($"FFmpeg wrote the unexpected box {box.Type}.");
            }
        }
        return pictures;
    }

    private async Task WriteMovieAsync(byte[] type, byte[] movie, CancellationToken cancellationToken)
    {
        if (_movie is null)
        {
            await output.WriteAsync(type, cancellationToken).ConfigureAwait(false);
            await output.WriteAsync(WithLength(movie), cancellationToken).ConfigureAwait(false);
            _movie = movie;
        }
        else if (!HaveEqualSettings(_movie, movie, "avcC"u8) || !HaveEqualSettings(_movie, movie, "esds"u8))
            throw new InvalidDataException("The parts of a joined clip have different decoder settings.");
    }

    /// <summary>Compares a box with the settings of a decoder.</summary>
    private static bool HaveEqualSettings(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> type)
        => SettingsOf(first, type) is { Length: > 0 } settings && settings.SequenceEqual(SettingsOf(second, type));

    private static ReadOnlySpan<byte> SettingsOf(ReadOnlySpan<byte> movie, ReadOnlySpan<byte> type)
        => movie.IndexOf(type) is >= 4 and var at ? movie[at..][..(int)(BinaryPrimitives.ReadUInt32BigEndian(movie[(at - 4)..]) - 4)] : [];

    /// <summary>Moves the times of a fragment, and gives it the next number.</summary>
    /// <param name="shifts">Ticks by which the tracks of this file are moved; null before the first fragment of a track.</param>
    /// <returns>The number of its pictures.</returns>
    private int Renumber(byte[] fragment, IReadOnlyList<long> starts, long?[] shifts)
    {
        var pictures = 0;
        BinaryPrimitives.WriteUInt32BigEndian(Content(fragment, Single(fragment, HeaderBytes, "mfhd"))[4..], ++_fragments);
        foreach (var track in Boxes(fragment, HeaderBytes, fragment.Length).Where(box => box.Type == "traf"))
        {
            var number = (int)BinaryPrimitives.ReadUInt32BigEndian(Content(fragment, Single(fragment, track.At, "tfhd"))[4..]) - 1;
            var times = Content(fragment, Single(fragment, track.At, "tfdt"));
            if (number < 0 || number >= starts.Count || times.Length != 12)
                throw new InvalidDataException("A fragment has an unexpected track or time.");
            var time = BinaryPrimitives.ReadInt64BigEndian(times[4..]);
            shifts[number] ??= starts[number] - time;
            BinaryPrimitives.WriteInt64BigEndian(times[4..], time + shifts[number]!.Value);
            if (number == 0)
                pictures += (int)BinaryPrimitives.ReadUInt32BigEndian(Content(fragment, Single(fragment, track.At, "trun"))[4..]);
        }
        return pictures;
    }

    /// <summary>Returns the header with the length of the file: in a new box <c>mehd</c>, and in <c>mvhd</c>, <c>tkhd</c> and <c>mdhd</c>
    /// for players that show the length before they read further.</summary>
    private byte[] WithLength(byte[] movie)
    {
        var milliseconds = (uint)Math.Round(totalTicks * 1000.0 / JoinedFormat.TicksPerSecond);
        var extends = Boxes(movie, HeaderBytes, movie.Length).Single(box => box.Type == "mvex");
        byte[] length = [0, 0, 0, 16, .. "mehd"u8, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(length.AsSpan(12), milliseconds);
        byte[] longer = [.. movie[..extends.At], .. length, .. movie[extends.At..]];
        foreach (var box in (int[])[0, extends.At - HeaderBytes])
            BinaryPrimitives.WriteUInt32BigEndian(longer.AsSpan(box),
                BinaryPrimitives.ReadUInt32BigEndian(longer.AsSpan(box)) + (uint)length.Length);
        // Version and flags, time of creation, time of change, ticks per second, length: four bytes each.
        var head = Content(longer, Single(longer, HeaderBytes, "mvhd"));
        if (BinaryPrimitives.ReadUInt32BigEndian(head[12..]) != 1000)
            throw new InvalidDataException("The header does not count milliseconds.");
        BinaryPrimitives.WriteUInt32BigEndian(head[16..], milliseconds);
        foreach (var track in Boxes(longer, HeaderBytes, longer.Length).Where(box => box.Type == "trak"))
        {
            // The same fields; the track has its number and a reserved field before the length, and no ticks.
            BinaryPrimitives.WriteUInt32BigEndian(Content(longer, Single(longer, track.At, "tkhd"))[20..], milliseconds);
            var media = Content(longer, Single(longer, Single(longer, track.At, "mdia").At, "mdhd"));
            var ticks = BinaryPrimitives.ReadUInt32BigEndian(media[12..]);
            BinaryPrimitives.WriteUInt32BigEndian(media[16..], (uint)(totalTicks * ticks / JoinedFormat.TicksPerSecond));
        }
        return longer;
    }

    private async Task CopyAsync(Stream part, Box box, CancellationToken cancellationToken)
    {
        await output.WriteAsync(box.Header, cancellationToken).ConfigureAwait(false);
        for (var left = box.Bytes - HeaderBytes; left > 0;)
        {
            var block = _block.AsMemory(0, (int)Math.Min(left, _block.Length));
            var count = await part.ReadAsync(block, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                throw EndedEarly();
            await output.WriteAsync(block[..count], cancellationToken).ConfigureAwait(false);
            left -= count;
        }
    }

    /// <returns>Null at the end of the file.</returns>
    private static async Task<Box?> ReadHeaderAsync(Stream part, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        var count = await part.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (count == 0)
            return null;
        var size = BinaryPrimitives.ReadUInt32BigEndian(header);
        return count < HeaderBytes || size < HeaderBytes ? throw EndedEarly()
            : new Box(header, size, Encoding.ASCII.GetString(header, 4, 4));
    }

    /// <returns>The box with its header.</returns>
    private static async Task<byte[]> ReadBoxAsync(Stream part, Box box, CancellationToken cancellationToken)
    {
        if (box.Bytes > MaxBoxBytes)
            throw new InvalidDataException($"The box {box.Type} has {box.Bytes} bytes.");
        var bytes = new byte[box.Bytes];
        box.Header.CopyTo(bytes, 0);
        return await part.ReadAtLeastAsync(bytes.AsMemory(HeaderBytes), bytes.Length - HeaderBytes, throwOnEndOfStream: false,
            cancellationToken).ConfigureAwait(false) == bytes.Length - HeaderBytes ? bytes : throw EndedEarly();
    }

    private static MediaException EndedEarly() => new("The part of the video ended early.");

    private static Span<byte> Content(byte[] bytes, (string Type, int At, int End) box) => bytes.AsSpan(box.At, box.End - box.At);

    /// <summary>The first box of a type among the boxes from a position on.</summary>
    private static (string Type, int At, int End) Single(byte[] bytes, int at, string type)
        => Boxes(bytes, at, bytes.Length).First(box => box.Type == type);

    /// <summary>The boxes of a range with type, and start and end of the content.</summary>
    private static IEnumerable<(string Type, int At, int End)> Boxes(byte[] bytes, int at, int end)
    {
        while (at + HeaderBytes <= end)
        {
            var size = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (size < HeaderBytes || size > end - at)
                throw new InvalidDataException("A box is larger than the one around it.");
            yield return (Encoding.ASCII.GetString(bytes, at + 4, 4), at + HeaderBytes, at + size);
            at += size;
        }
    }

    private readonly record struct Box(byte[] Header, long Bytes, string Type);
}
