using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class MediaRulesTests
{
    private static readonly MediaLimits Limits = new();

    [Theory]
    [InlineData(640, 360, 4, null)]
    [InlineData(360, 640, 4, null)]
    [InlineData(640, 359, 10, "video_resolution_too_low")]
    [InlineData(359, 640, 10, "video_resolution_too_low")]
    [InlineData(3840, 2160, 10, null)]
    [InlineData(2161, 3841, 10, "video_resolution_too_high")]
    [InlineData(640, 360, 3.999, "video_duration_too_short")]
    [InlineData(640, 360, 7200, null)]
    [InlineData(640, 360, 7200.001, "video_duration_too_long")]
    [InlineData(0, 360, 10, "video_file_broken")]
    [InlineData(640, 360, 0, "video_file_broken")]
    [InlineData(640, 360, double.NaN, "video_file_broken")]
    public void Bounds_of_size_and_length_are_inclusive(int width, int height, double seconds, string? code)
        => Assert.Equal(code, MediaRules.Check(Media(width, height, seconds), Limits, needsAudio: false)?.Code);

    [Theory]
    [InlineData(true, "video_audio_track_not_exists")]
    [InlineData(false, null)]
    public void Sound_is_required_only_for_speech_recognition(bool needed, string? code)
        => Assert.Equal(code, MediaRules.Check(Media(640, 360, 10) with { Audio = null }, Limits, needed)?.Code);

    [Fact]
    public void A_file_with_only_sound_is_refused()
    {
        var broken = MediaRules.Check(Media(640, 360, 10) with { Video = null }, Limits, needsAudio: true);
        Assert.Equal(("video_file_broken", true), (broken!.Code, broken.Message.Contains("picture track", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_byte_over_the_limit_is_too_large()
    {
        Assert.Null(MediaRules.Check(Media(640, 360, 10) with { SizeBytes = Limits.MaxBytes }, Limits, false));
        Assert.Equal("video_filesize_too_large",
            MediaRules.Check(Media(640, 360, 10) with { SizeBytes = Limits.MaxBytes + 1 }, Limits, false)!.Code);
    }

    [Fact]
    public void The_message_contains_the_value_and_the_configured_limit()
    {
        var message = MediaRules.Check(Media(320, 240, 10), new MediaLimits { MinShortSide = 300 }, false)!.Message;
        Assert.Contains("300 pixels", message, StringComparison.Ordinal);
        Assert.Contains("320x240", message, StringComparison.Ordinal);
        Assert.Contains("2.5 seconds", MediaRules.Check(Media(640, 360, 2.5), Limits, false)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Contradictory_limits_are_refused_at_the_start()
    {
        var limits = new MediaLimits { MinShortSide = 720, MaxShortSide = 360, MinDurationSeconds = 20, MaxDurationSeconds = 10 };
        var results = new List<ValidationResult>();
        Assert.False(Validator.TryValidateObject(limits, new ValidationContext(limits), results, validateAllProperties: true));
        Assert.Equal(2, results.Count);
    }

    private static MediaInfo Media(int width, int height, double seconds)
        => new("mov", seconds, 1000, new VideoTrack(0, "h264", width, height, 25, 0), new AudioTrack(1, "aac", 44100, 2));
}
