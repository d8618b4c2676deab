using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Operations.Cli;

public sealed class DemoClipTests
{
    [Fact]
    public void A_clip_within_the_limits_changes_none() => Assert.Empty(Clip(640, 360, 12).LimitsFor(new MediaLimits()));

    [Fact]
    public void A_small_short_clip_lowers_both_limits_to_its_own_values()
    {
        var settings = Clip(320, 240, 3.4).LimitsFor(new MediaLimits());
        Assert.Equal("240", settings["VideoUnderstanding:Limits:MinShortSide"]);
        Assert.Equal("3", settings["VideoUnderstanding:Limits:MinDurationSeconds"]);
    }

    private static DemoClip Clip(int width, int height, double seconds)
        => new("/clip.mp4", new MediaInfo("mov", seconds, 1000, new VideoTrack(0, "h264", width, height, 25, 0), null));
}
