using System.Globalization;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>A violated rule of CONTRACT 6.2.</summary>
/// <param name="Code">Code of the error catalogue.</param>
/// <param name="Message">A sentence with the actual value and the limit.</param>
public sealed record MediaViolation(string Code, string Message);

/// <summary>Checks the rules for videos, of uploads and fetched files alike.</summary>
public static class MediaRules
{
    /// <param name="info">Media information of the file.</param>
    /// <param name="limits">The configured limits.</param>
    /// <param name="needsAudio">True if speech recognition is required: a conversation index without a transcript of the user.</param>
    /// <returns>The first violated rule, or null.</returns>
    public static MediaViolation? Check(MediaInfo info, MediaLimits limits, bool needsAudio)
    {
        if (info.SizeBytes > limits.MaxBytes)
            return TooLarge(limits);
        if (info.Video is not { } video)
            return Broken("The file has no picture track.");
        if (video.Width <= 0 || video.Height <= 0)
            return Broken("The picture track does not declare its width and height.");
        if (!double.IsFinite(info.DurationSeconds) || info.DurationSeconds <= 0)
            return Broken("The file does not declare its duration.");
        return CheckResolution(video, limits) ?? CheckDuration(info.DurationSeconds, limits)
            ?? (needsAudio && info.Audio is null ? NoAudioTrack() : null);
    }

    public static MediaViolation TooLarge(MediaLimits limits) => new("video_filesize_too_large",
        $"The video is too large. It must have at most {limits.MaxBytes} bytes ({Number(limits.MaxBytes / 1073741824.0)} GB).");

    /// <param name="why">A sentence with the reason.</param>
    public static MediaViolation Broken(string why) => new("video_file_broken", $"The video cannot be read. {why}");

    private static MediaViolation NoAudioTrack() => new("video_audio_track_not_exists",
        "The video has no audio track, which an index with the conversation option requires.");

    private static MediaViolation? CheckResolution(VideoTrack video, MediaLimits limits)
    {
        if (video.ShortSide < limits.MinShortSide)
            return new MediaViolation("video_resolution_too_low",
                $"The resolution of the video is too low. Its shorter side must have at least {limits.MinShortSide} pixels. The current "
                    + $"resolution is {video.Width}x{video.Height}.");
        if (video.ShortSide > limits.MaxShortSide)
            return new MediaViolation("video_resolution_too_high",
                $"The resolution of the video is too high. Its shorter side must have at most {limits.MaxShortSide} pixels. The current "
                    + $"resolution is {video.Width}x{video.Height}.");
        return null;
    }

    private static MediaViolation? CheckDuration(double seconds, MediaLimits limits)
    {
        if (seconds < limits.MinDurationSeconds)
            return new MediaViolation("video_duration_too_short",
                $"The video is too short. It must last at least {Number(limits.MinDurationSeconds)} seconds. The current duration is "
                    + $"{Number(seconds)} seconds.");
        if (seconds > limits.MaxDurationSeconds)
            return new MediaViolation("video_duration_too_long",
                $"The video is too long. It must last at most {Number(limits.MaxDurationSeconds)} seconds. The current duration is "
                    + $"{Number(seconds)} seconds.");
        return null;
    }

    private static string Number(double value) => Math.Round(value, 3).ToString(CultureInfo.InvariantCulture);
}
