using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Server.Cli;

/// <summary>The video of a demonstration.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record DemoClip(string Path, MediaInfo Info)
{
    /// <summary>A demonstration should not take long.</summary>
    private const double LongestSeconds = 300;

    public const string AssetsVariable = "VIDEOUNDERSTANDING_ASSETS";

    /// <summary>Folder of real clips and models: named by the environment, or beside the project; null when there is none.</summary>
    public static string? AssetsFolder()
    {
        var named = Environment.GetEnvironmentVariable(AssetsVariable);
        var folder = string.IsNullOrEmpty(named) ? System.IO.Path.Combine("..", "shared", "assets") : named;
        return Directory.Exists(folder) ? System.IO.Path.GetFullPath(folder) : null;
    }

    /// <exception cref="CommandFailure">The file is not there or can not be read, or none was given and none found.</exception>
    public static async Task<DemoClip> FindAsync(string? given, MediaProbe probe, CancellationToken cancellationToken)
    {
        if (given is not null)
            return await ReadGivenAsync(ServerSettings.UserPath(given), probe, cancellationToken);
        if (AssetsFolder() is not { } assets || !Directory.Exists(System.IO.Path.Combine(assets, "media")))
            throw new CommandFailure("There is no assets folder to take a clip from. Name one: ./run.sh --demo CLIP");
        List<DemoClip> clips = [];
        foreach (var path in Directory.EnumerateFiles(System.IO.Path.Combine(assets, "media")).Where(path => !path.EndsWith(".json", StringComparison.Ordinal)))
            if (await TryReadAsync(path, probe, cancellationToken) is { Info: { Video: not null, DurationSeconds: < LongestSeconds } } clip)
                clips.Add(clip);
        // The longest one with sound shows the most.
        return clips.OrderByDescending(clip => clip.Info.Audio is not null).ThenByDescending(clip => clip.Info.DurationSeconds).FirstOrDefault()
            ?? throw new CommandFailure($"No clip in {assets} can be read. Name one: ./run.sh --demo CLIP");
    }

    /// <summary>Settings that let this clip pass where the configured limits refuse it as too small or too short; empty where it passes.</summary>
    public IReadOnlyDictionary<string, string?> LimitsFor(MediaLimits limits)
    {
        var settings = new Dictionary<string, string?>();
        if (Info.Video is { } video && video.ShortSide < limits.MinShortSide)
            settings[$"{MediaLimits.Section}:{nameof(MediaLimits.MinShortSide)}"] = FormattableString.Invariant($"{video.ShortSide}");
        if (Info.DurationSeconds < limits.MinDurationSeconds)
            settings[$"{MediaLimits.Section}:{nameof(MediaLimits.MinDurationSeconds)}"] = FormattableString.Invariant($"{Math.Floor(Info.DurationSeconds)}");
        return settings;
    }

    private static async Task<DemoClip> ReadGivenAsync(string path, MediaProbe probe, CancellationToken cancellationToken)
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

    private static async Task<DemoClip?> TryReadAsync(string path, MediaProbe probe, CancellationToken cancellationToken)
    {
        try
        {
            return new DemoClip(path, await probe.ReadAsync(path, cancellationToken));
        }
        catch (MediaException)
        {
            return null;
        }
    }
}
