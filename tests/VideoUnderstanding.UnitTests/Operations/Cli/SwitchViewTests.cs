using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Operations.Cli;

public sealed class SwitchViewTests
{
    [Theory]
    [InlineData(0, null, "0 %, clip.mp4")]
    [InlineData(50, 90, "50 %, about 90 s left, clip.mp4")]
    [InlineData(25, 3000, "25 %, about 50 min left, clip.mp4")]
    [InlineData(100, 36000, "100 %, about 10 h left, clip.mp4")]
    public void The_progress_of_a_switch_has_a_share_and_the_remaining_time(double done, int? seconds, string expected)
    {
        TimeSpan? remaining = seconds is { } left ? TimeSpan.FromSeconds(left) : null;

        Assert.Equal(expected, SwitchView.Text(new SwitchProgress("clip.mp4", done, 100, remaining)));
    }
}
