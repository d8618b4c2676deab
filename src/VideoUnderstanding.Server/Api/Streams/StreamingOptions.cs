using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Playing of videos by HTTP Live Streaming. docs/streaming.md.</summary>
public sealed class StreamingOptions
{
    public const string Section = "VideoUnderstanding:Streaming";

    /// <summary>Hours that the address of a stream works. A viewer who stays longer needs a new address.</summary>
    [Range(1, 24 * 365)]
    public int LinkHours { get; set; } = 24;

    /// <summary>Megabytes of playlists and segments that are kept. The least recently used ones are removed.</summary>
    [Range(1, 100_000_000)]
    public int CacheMegabytes { get; set; } = 4096;

    /// <summary>Segments that are made at the same time.</summary>
    [Range(1, 1000)]
    public int Workers { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Segments that may wait for a worker. Further requests get 429 with Retry-After.</summary>
    [Range(0, 100_000)]
    public int MaxWaiting { get; set; } = 100;

    /// <summary>Pixels of the longer side of encoded pictures, at most. Copied pictures keep their size.</summary>
    [Range(16, 8192)]
    public int MaxLongSide { get; set; } = 1280;
}
