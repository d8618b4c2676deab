using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class DecoderExitTests
{
    [Theory]
    [InlineData(134)]
    [InlineData(139)]
    public void A_crash_is_the_files_fault(int code) => Assert.Throws<MediaException>(() => DecoderExit.Check(code, ""));

    [Theory]
    [InlineData(137)]
    [InlineData(143)]
    [InlineData(255)]
    public void What_was_stopped_from_outside_may_be_tried_again(int code)
        => Assert.Equal(code, Assert.Throws<ToolException>(() => DecoderExit.Check(code, "")).ExitCode);

    /// <summary>FFmpeg 7 ends with these for invalid data, an invalid argument and a missing file.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(183)]
    [InlineData(234)]
    [InlineData(254)]
    public void A_code_of_ffmpegs_own_is_left_to_who_asked(int code) => Assert.Null(Record.Exception(() => DecoderExit.Check(code, "")));
}
