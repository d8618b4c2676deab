using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class CompletenessTests
{
    private static readonly ProbeReport Film = Header("mov,mp4", 100);

    internal static ProbeReport Header(string container, double? end, double start = 0)
    {
        var video = new VideoTrack(0, "h264", 640, 360, 25, 0) { EndSeconds = end, TickRate = 25 };
        var audio = new AudioTrack(1, "aac", 48_000, 2) { EndSeconds = end };
        return new ProbeReport(new MediaInfo(container, end ?? 0, 1, video, audio), start, 2)
        {
            Pictures = [video], Sounds = [audio], FrameCounts = new Dictionary<int, int> { [0] = 2500 },
            Interlaced = new HashSet<int>(), StoredPixels = new Dictionary<int, long>(),
        };
    }

    private static MediaInfo WithDuration(double seconds) => Film.Info with { DurationSeconds = seconds };

    private static PacketScan Scan(int pictures, bool complaints = false)
    {
        var scan = new PacketScan(Film, new MediaToolOptions());
        for (var i = 0; i < pictures; i++)
            scan.Add(new PacketStamp(0, i * 0.04, i * 0.04, 0.04, true, false));
        if (complaints)
            scan.ReadMessage("[mov,mp4 @ 0x5] stream 0, offset 0x10b77: partial file");
        return scan;
    }

    private static string? Refusal(MediaInfo info, PacketScan scan, DeclaredBytes? bytes = null)
        => Record.Exception(() => Completeness.Check(Film, info, scan, bytes, 0.1))?.Message;

    [Theory]
    [InlineData(10, 8.1, false)]
    [InlineData(10, 7.9, true)]
    [InlineData(100, 91, false)]
    [InlineData(100, 89, true)]
    [InlineData(3, 1.5, false)]
    public void Two_seconds_or_a_tenth_may_be_missing(double declared, double real, bool tooMuch)
        => Assert.Equal(tooMuch, Completeness.TooMuchMissing(declared, real, 0.1));

    [Fact]
    public void A_complete_file_whose_header_declares_too_much_is_accepted()
        => Assert.Null(Refusal(WithDuration(55), Scan(1375)));

    [Fact]
    public void A_truncated_video_is_refused_with_both_lengths()
        => Assert.Equal("The file is cut off or broken: it should last 100.0 s, but its data ends at 55.0 s.",
            Refusal(WithDuration(55), Scan(1375, complaints: true)));

    [Fact]
    public void Fewer_bytes_than_declared_count_as_missing_data()
    {
        Assert.NotNull(Refusal(WithDuration(55), Scan(1375), new DeclaredBytes(1000, 550)));
        Assert.Null(Refusal(WithDuration(55), Scan(1375), new DeclaredBytes(1000, 950)));
    }

    [Fact]
    public void A_wrong_byte_count_is_ignored_if_no_frames_are_missing()
    {
        Assert.Null(Refusal(WithDuration(100), Scan(2500), new DeclaredBytes(1000, 550)));
        Assert.Equal("The file is cut off: it should have 1000 bytes, but has 550.",
            Refusal(WithDuration(100), Scan(1300), new DeclaredBytes(1000, 550)));
    }

    [Fact]
    public void A_file_with_little_missing_data_is_accepted() => Assert.Null(Refusal(WithDuration(95), Scan(2375, complaints: true)));

    [Fact]
    public void Messages_of_decoders_are_no_demuxer_errors()
    {
        var scan = Scan(1375);
        scan.ReadMessage("[h264 @ 0x5] no frame!");

        Assert.Null(Refusal(WithDuration(55), scan));
    }
}
