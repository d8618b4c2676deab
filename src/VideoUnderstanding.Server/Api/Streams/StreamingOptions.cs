using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Streaming of videos by HTTP Live Streaming. docs/streaming.md.</summary>
public sealed class StreamingOptions
{
    public const string Section = "VideoUnderstanding:Streaming";

    /// <summary>Validity of a stream's address, in hours. After that time a viewer needs a new address.</summary>
    [Range(1, 24 * 365)]
    public int LinkHours { get; set; } = 24;

    /// <summary>Maximum size of cached playlists and segments, in megabytes. The least recently used files are removed.</summary>
    [Range(1, 100_000_000)]
    public int CacheMegabytes { get; set; } = 4096;

    /// <summary>Maximum segments that are created concurrently.</summary>
    [Range(1, 1000)]
    public int Workers { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Maximum segments that wait for a worker. Further requests get 429 with Retry-After.</summary>
    [Range(0, 100_000)]
    public int MaxWaiting { get; set; } = 100;

    /// <summary>Maximum length of the longer side of encoded pictures, in pixels. Copied streams keep their size.</summary>
    [Range(16, 8192)]
    public int MaxLongSide { get; set; } = 1280;
}
