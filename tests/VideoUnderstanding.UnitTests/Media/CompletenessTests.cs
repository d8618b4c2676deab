using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class CompletenessTests
{
    private static readonly MediaInfo Film = new("mov,mp4", 100, 1,
        new VideoTrack(0, "h264", 640, 360, 25, 0) { EndSeconds = 100 }, new AudioTrack(1, "aac", 48_000, 2) { EndSeconds = 99 });

    private static PacketEnds Packets(params string[] lines)
    {
        var ends = new PacketEnds();
        foreach (var line in lines)
            ends.Add(line, Film);
        return ends;
    }

    [Theory]
    [InlineData(10, 8.1, false)]
    [InlineData(10, 7.9, true)]
    [InlineData(100, 91, false)]
    [InlineData(100, 89, true)]
    [InlineData(3, 1.5, false)]
    public void Two_seconds_or_a_tenth_may_be_missing(double declared, double real, bool tooMuch)
        => Assert.Equal(tooMuch, Completeness.TooMuchMissing(declared, real, 0.1));

    [Fact]
    public void The_last_packet_of_a_track_ends_it_whatever_the_order()
    {
        var ends = Packets("0,99.96,99.90,0.04", "0,99.92,99.94,0.04", "1,98.9,98.9,0.02", "7,500,500,1", "garbage", "0,N/A,N/A,N/A");

        Assert.Equal((100.0, 98.92, null), (Math.Round(ends.Of(0)!.Value, 6), Math.Round(ends.Of(1)!.Value, 6), ends.Of(2)));
    }

    [Fact]
    public void A_packet_without_a_length_lasts_one_picture()
        => Assert.Equal(50.04, Packets("0,N/A,50,N/A").Of(0)!.Value, 1e-9);

    [Fact]
    public void A_film_whose_data_ends_early_is_refused()
    {
        var exception = Assert.Throws<MediaException>(() => Completeness.Check(Film, 0, Packets("0,54.96,54.96,0.04"), 0.1));

        Assert.Equal("The file is cut off or broken: it should last 100.0 s, but its data ends at 55.0 s.", exception.Message);
    }

    [Fact]
    public void A_film_without_packets_is_refused() => Assert.Throws<MediaException>(() => Completeness.Check(Film, 0, Packets(), 0.1));

    [Fact]
    public void Chapters_that_outlast_picture_and_sound_do_not_make_a_film_broken()
        => Assert.Equal(3600, Completeness.Check(Film with { DurationSeconds = 3600 }, 0, Packets("0,99.96,99.96,0.04"), 0.1).DurationSeconds);

    [Fact]
    public void Ends_count_from_the_start_of_the_file_and_fill_what_the_header_left_out()
    {
        var unknown = Film with { DurationSeconds = 0, Video = Film.Video! with { EndSeconds = null }, Audio = null };

        var info = Completeness.Check(unknown, 10, Packets("0,69.96,69.96,0.04"), 0.1);

        Assert.Equal((60.0, 60.0), (Math.Round(info.DurationSeconds, 6), Math.Round(info.Video!.EndSeconds!.Value, 6)));
    }
}
