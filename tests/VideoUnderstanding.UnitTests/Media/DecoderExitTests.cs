using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class DecoderExitTests
{
    [Theory]
    [InlineData(134)]
    [InlineData(139)]
    public void A_crash_refuses_the_file(int code) => Assert.Throws<MediaException>(() => DecoderExit.Check(code, ""));

    [Theory]
    [InlineData(137)]
    [InlineData(143)]
    [InlineData(255)]
    public void A_stopped_decoder_is_a_tool_failure(int code)
        => Assert.Equal(code, Assert.Throws<ToolException>(() => DecoderExit.Check(code, "")).ExitCode);

    /// <summary>FFmpeg 7 ends with these for invalid data, an invalid argument and a missing file.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(183)]
    [InlineData(234)]
    [InlineData(254)]
    public void Exit_codes_of_ffmpeg_itself_are_not_handled(int code) => Assert.Null(Record.Exception(() => DecoderExit.Check(code, "")));
}
