using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>The video of a demonstration.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record DemoClip(string Path, MediaInfo Info)
{
    /// <exception cref="CommandFailure">The file does not exist or cannot be read.</exception>
    public static async Task<DemoClip> ReadAsync(string path, MediaProbe probe, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            throw new CommandFailure($"There is no file {path}.");
        try
        {
            return new DemoClip(path, await probe.ReadAsync(path, cancellationToken));
        }
        catch (MediaException unreadable)
        {
            throw new CommandFailure($"{path}: {unreadable.Message}");
        }
    }

    /// <summary>Returns settings that lower the limits for a clip that is too small or too short; empty if it passes the configured
    /// limits.</summary>
    public IReadOnlyDictionary<string, string?> LimitsFor(MediaLimits limits)
    {
        var settings = new Dictionary<string, string?>();
        if (Info.Video is { } video && video.ShortSide < limits.MinShortSide)
            settings[$"{MediaLimits.Section}:{nameof(MediaLimits.MinShortSide)}"] = FormattableString.Invariant($"{video.ShortSide}");
        if (Info.DurationSeconds < limits.MinDurationSeconds)
            settings[$"{MediaLimits.Section}:{nameof(MediaLimits.MinDurationSeconds)}"] = FormattableString.Invariant(
                $"{Math.Floor(Info.DurationSeconds)}");
        return settings;
    }
}
