using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.App.Clips;

/// <summary>Limits of joined clips. Section <c>VideoUnderstanding:JoinedClips</c>. docs/web-app.md.</summary>
public sealed class JoinedClipOptions
{
    public const string Section = "VideoUnderstanding:JoinedClips";

    /// <summary>Maximum parts of a clip.</summary>
    [Range(1, 1000)]
    public int MaxParts { get; set; } = 100;

    /// <summary>Maximum length of a clip, in seconds.</summary>
    [Range(1, 7200)]
    public int MaxSeconds { get; set; } = 600;

    /// <summary>Maximum length of the longer side of the pictures, in pixels.</summary>
    [Range(160, 1280)]
    public int MaxLongSide { get; set; } = 1280;

    /// <summary>Maximum clips that this server encodes concurrently; of one user at most one. Further requests get 429.</summary>
    [Range(1, 1000)]
    public int Workers { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Time limit of a clip from its first part to its last byte, in minutes. It includes waiting for a slow client.</summary>
    [Range(1, 1440)]
    public int TimeoutMinutes { get; set; } = 30;
}
