using System.Buffers.Binary;
using System.Text;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Joining;

namespace VideoUnderstanding.UnitTests.Media.Joining;

/// <summary>Files of a few boxes, as FFmpeg writes them.</summary>
public sealed class FragmentJoinerTests
{
    private const long TotalTicks = 450_000;

    private readonly MemoryStream _output = new();
    private readonly FragmentJoiner _joiner;

    public FragmentJoinerTests() => _joiner = new FragmentJoiner(_output, TotalTicks);

    [Fact]
    public async Task Fragments_are_numbered_and_continue_at_the_given_times()
    {
        Assert.Equal(75, await AppendAsync(Part(Fragment(60, 0, 0, "a"), Fragment(15, 180_000, 96_256, "bb")), 0, 0));
        Assert.Equal(30, await AppendAsync(Part(Fragment(30, 500, 0, "ccc")), 225_000, 120_832));

        var boxes = Boxes(_output.ToArray()).ToList();
        Assert.Equal(["ftyp", "moov", "moof", "mdat", "moof", "mdat", "moof", "mdat"], boxes.Select(box => box.Type));
        var fragments = boxes.Where(box => box.Type == "moof").Select(box => Times(box.Content)).ToList();
        Assert.Equal([(1, 0L, 0L), (2, 180_000, 96_256), (3, 225_000, 120_832)], fragments);
        Assert.Equal(["a", "bb", "ccc"], boxes.Where(box => box.Type == "mdat").Select(box => Encoding.ASCII.GetString(box.Content)));
    }

    [Fact]
    public async Task The_header_has_the_length_of_the_whole_file()
    {
        await AppendAsync(Part(Fragment(60, 0, 0, "a")), 0, 0);

        var movie = Boxes(Boxes(_output.ToArray()).Single(box => box.Type == "moov").Content).ToList();
        Assert.Equal(5000u, BinaryPrimitives.ReadUInt32BigEndian(movie.Single(box => box.Type == "mvhd").Content.AsSpan(16)));
        var track = Boxes(movie.Single(box => box.Type == "trak").Content).ToList();
        Assert.Equal(5000u, BinaryPrimitives.ReadUInt32BigEndian(track.Single(box => box.Type == "tkhd").Content.AsSpan(20)));
        var media = Boxes(track.Single(box => box.Type == "mdia").Content).Single(box => box.Type == "mdhd");
        Assert.Equal(450_000u, BinaryPrimitives.ReadUInt32BigEndian(media.Content.AsSpan(16)));
        var extends = Boxes(movie.Single(box => box.Type == "mvex").Content).ToList();
        Assert.Equal(["mehd", "trex"], extends.Select(box => box.Type));
        Assert.Equal(5000u, BinaryPrimitives.ReadUInt32BigEndian(extends[0].Content.AsSpan(4)));
    }

    [Fact]
    public async Task Nothing_is_written_of_a_part_whose_first_fragment_has_no_pictures()
    {
        Assert.Equal(0, await AppendAsync(Part(Fragment(0, 0, 0, "a")), 0, 0));
        Assert.Equal(0, _output.Length);
    }

    [Fact]
    public async Task Parts_with_other_decoder_settings_are_refused()
    {
        await AppendAsync(Part(Fragment(60, 0, 0, "a")), 0, 0);
        await Assert.ThrowsAsync<InvalidDataException>(() => AppendAsync(Part("other", Fragment(60, 0, 0, "a")), 0, 0));
    }

    [Fact]
    public async Task A_part_that_ends_early_is_an_error()
    {
        var part = Part(Fragment(60, 0, 0, "abc"));
        foreach (var bytes in (int[])[part.Length - 1, part.Length - 20, 30])
            await Assert.ThrowsAsync<MediaException>(
                () => new FragmentJoiner(Stream.Null, TotalTicks).AppendAsync(new MemoryStream(part, 0, bytes), [0, 0],
                    TestContext.Current.CancellationToken));
    }

    private Task<int> AppendAsync(byte[] part, params long[] starts)
        => _joiner.AppendAsync(new MemoryStream(part), starts, TestContext.Current.CancellationToken);

    private static byte[] Part(params byte[][] fragments) => Part("same", fragments);

    /// <param name="settings">Of the decoder of pictures.</param>
    private static byte[] Part(string settings, params byte[][] fragments)
    {
        var head = Box("mvhd", [.. new byte[12], .. Number(1000), .. new byte[4]]);
        var media = Box("mdia", Box("mdhd", [.. new byte[12], .. Number(90_000), .. new byte[4]]));
        var track = Box("trak", [.. Box("tkhd", new byte[24]), .. media, .. Box("avcC", Encoding.ASCII.GetBytes(settings)),
            .. Box("esds", [1, 2])]);
        return [.. Box("ftyp", [1, 2, 3, 4]), .. Box("moov", [.. head, .. track, .. Box("mvex", Box("trex", [0]))]),
            .. fragments.SelectMany(fragment => fragment)];
    }

    private static byte[] Fragment(int pictures, long pictureTime, long soundTime, string content)
        => [.. Box("moof", [.. Box("mfhd", [0, 0, 0, 0, .. Number(9)]), .. Track(1, pictureTime, pictures), .. Track(2, soundTime, 94)]),
            .. Box("mdat", Encoding.ASCII.GetBytes(content))];

    private static byte[] Track(int number, long time, int samples)
    {
        var start = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(start, time);
        return Box("traf", [.. Box("tfhd", [0, 0, 0, 0, .. Number(number)]), .. Box("tfdt", [1, 0, 0, 0, .. start]),
            .. Box("trun", [0, 0, 0, 0, .. Number(samples)])]);
    }

    private static byte[] Box(string type, byte[] content) => [.. Number(content.Length + 8), .. Encoding.ASCII.GetBytes(type), .. content];

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Number of the fragment, and decoding times of its two tracks.</summary>
    private static (int Number, long Pictures, long Sound) Times(byte[] fragment)
    {
        var boxes = Boxes(fragment).ToList();
        var times = boxes.Where(box => box.Type == "traf").Select(track => BinaryPrimitives.ReadInt64BigEndian(
            Boxes(track.Content).Single(box => box.Type == "tfdt").Content.AsSpan(4))).ToList();
        return (BinaryPrimitives.ReadInt32BigEndian(boxes[0].Content.AsSpan(4)), times[0], times[1]);
    }

    private static IEnumerable<(string Type, byte[] Content)> Boxes(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            yield return (Encoding.ASCII.GetString(bytes, at + 4, 4), bytes[(at + 8)..(at + size)]);
            at += size;
        }
    }
}

/// <summary>The common format of parts.</summary>
public sealed class JoinedFormatTests
{
    [Fact]
    public void The_largest_picture_of_the_longer_orientation_and_the_highest_rate_are_used()
    {
        JoinedSource[] wide = [new(1920, 1080, 25, 4), new(640, 480, 29.97, 3)];
        Assert.Equal(new JoinedFormat(1280, 720, 3003), JoinedFormat.For([.. wide, new(720, 1280, 12.5, 6)], 1280));
        Assert.Equal(new JoinedFormat(720, 1280, 3003), JoinedFormat.For([.. wide, new(720, 1280, 12.5, 8)], 1280));
    }

    [Theory]
    [InlineData(60, 3000)]
    [InlineData(59.94, 3003)]
    [InlineData(1, 9000)]
    [InlineData(0, 3600)]
    public void Rates_are_limited(double rate, int ticks)
        => Assert.Equal(ticks, JoinedFormat.For([new(320, 240, rate, 1)], 1280).FrameTicks);

    [Fact]
    public void Packets_of_sound_lie_on_one_grid()
    {
        var format = new JoinedFormat(640, 360, 3000);
        Assert.Equal((0, 118, 10 * 48_000 / 1024 + 1), (format.PacketAt(0), format.PacketAt(75), format.PacketAt(300)));
        Assert.Equal((1, 45), (format.FramesIn(0.001), format.FramesIn(1.5)));
    }
}
