using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>How FFmpeg is found and how much it may use. Section <c>VideoUnderstanding:Media</c>.</summary>
public sealed class MediaToolOptions
{
    public const string Section = "VideoUnderstanding:Media";

    /// <summary>The ffmpeg program: a name searched in PATH, or a path.</summary>
    [Required]
    public string FFmpegPath { get; set; } = "ffmpeg";

    /// <summary>The ffprobe program: a name searched in PATH, or a path.</summary>
    [Required]
    public string FFprobePath { get; set; } = "ffprobe";

    /// <summary>Decoder threads of one ffmpeg process; 0 leaves it to FFmpeg (one per core).</summary>
    [Range(0, 64)]
    public int Threads { get; set; }

    /// <summary>Time to read a file's header and its last packets.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that decoding may take, in lengths of the video. Only waiting for the decoder counts.</summary>
    [Range(0.1, 1000)]
    public double DecodeTimeoutFactor { get; set; } = 10;

    /// <summary>Time that decoding may take at least, however short the video.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MinDecodeTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Share of a track, 0 to 1, that may be damaged or missing before the file counts as broken. Two seconds may always be missing.</summary>
    [Range(0.0, 1.0)]
    public double MaxDamagedShare { get; set; } = 0.1;

    /// <summary>Runs FFmpeg with lower priority than the server, where the system allows it.</summary>
    public bool LowPriority { get; set; } = true;

    internal ToolLimits ProbeLimits => new() { Time = ProbeTimeout, MaxOutputBytes = 4 << 20, LowPriority = LowPriority };

    internal ToolLimits DecodeLimits(double durationSeconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(durationSeconds * DecodeTimeoutFactor, TimeSpan.FromDays(7).TotalSeconds));
        return new() { Time = time > MinDecodeTimeout ? time : MinDecodeTimeout, MaxOutputBytes = 64 << 20, LowPriority = LowPriority };
    }
}
