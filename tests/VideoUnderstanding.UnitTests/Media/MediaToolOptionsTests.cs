using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class MediaToolOptionsTests
{
    private static bool IsValid(MediaToolOptions options)
        => Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true);

    [Fact]
    public void The_defaults_are_valid() => Assert.True(IsValid(new MediaToolOptions()));

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.False(IsValid(new MediaToolOptions { Threads = -1 }));
        Assert.False(IsValid(new MediaToolOptions { FFmpegPath = "" }));
        Assert.False(IsValid(new MediaToolOptions { ProbeTimeout = TimeSpan.Zero }));
        Assert.False(IsValid(new MediaToolOptions { MaxDamagedShare = 1.5 }));
        Assert.False(IsValid(new MediaToolOptions { DecodeTimeoutFactor = double.NaN }));
    }

    [Theory]
    [InlineData(1, 600)]
    [InlineData(600, 6000)]
    [InlineData(double.MaxValue, 604_800)]
    public void Decoding_may_take_some_lengths_of_the_video_but_never_less_than_the_minimum(double duration, double seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), new MediaToolOptions().DecodeLimits(duration).Time);

    [Theory]
    [InlineData(1, 600)]
    [InlineData(7200, 144_000)]
    [InlineData(double.MaxValue, 604_800)]
    public void Decoding_may_use_the_processor_for_some_lengths_of_the_video(double duration, double seconds)
        => Assert.Equal(new(4L << 30, TimeSpan.FromSeconds(seconds)), new MediaToolOptions().DecodeLimits(duration).Sandbox);

    [Fact]
    public void Probing_may_use_half_a_gigabyte()
        => Assert.Equal(new(512L << 20, TimeSpan.FromSeconds(30)), new MediaToolOptions().ProbeLimits.Sandbox);

    [Fact]
    public void The_sandbox_can_be_disabled()
        => Assert.Null(new MediaToolOptions { Sandbox = SandboxMode.Off }.DecodeLimits(1).Sandbox);
}
