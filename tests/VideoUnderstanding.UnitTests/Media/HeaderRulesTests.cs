using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class HeaderRulesTests
{
    private static readonly VideoTrack Track = new(0, "h264", 3840, 2160, 60, 0);
    private static readonly ProbeReport Large = new(new MediaInfo("mov", 7200, 1, Track, new AudioTrack(1, "aac", 192_000, 8)), 0, 20)
    {
        Pictures = [Track], Sounds = [], FrameCounts = new Dictionary<int, int>(),
        Interlaced = new HashSet<int>(), StoredPixels = new Dictionary<int, long> { [0] = 3840 * 2160 },
    };

    [Fact]
    public void Two_hours_of_4k_with_twenty_tracks_pass() => HeaderRules.Check(Large, Large.Info, new MediaToolOptions());

    [Fact]
    public void Each_declared_size_has_a_limit()
    {
        Refused(Large with { Tracks = 101 }, "101 tracks");
        Refused(Large with { StoredPixels = new Dictionary<int, long> { [0] = 8192L * 8192 } }, "pixels");
        // An extreme pixel aspect ratio makes the picture too large.
        Refused(Large with { Info = Large.Info with { Video = Track with { Width = int.MaxValue } } }, $"{int.MaxValue}x2160");
        Refused(WithSound(new AudioTrack(1, "pcm_s16le", int.MaxValue, 2)), "2147483647 samples");
        Refused(WithSound(new AudioTrack(1, "pcm_s16le", 48_000, 255)), "255 channels");
    }

    [Fact]
    public void A_declared_duration_has_no_limit()
        => HeaderRules.Check(Large, Large.Info with { DurationSeconds = 1e300 }, new MediaToolOptions());

    private static ProbeReport WithSound(AudioTrack track) => Large with { Info = Large.Info with { AudioTracks = [track] } };

    private static void Refused(ProbeReport header, string words)
    {
        var refusal = Assert.Throws<MediaException>(() => HeaderRules.Check(header, header.Info, new MediaToolOptions()));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }
}
