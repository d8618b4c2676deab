using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Paths and limits of FFmpeg. Section <c>VideoUnderstanding:Media</c>.</summary>
public sealed class MediaToolOptions
{
    public const string Section = "VideoUnderstanding:Media";

    private const double ScanTimeouts = 4;
    private const double ScanBytesPerSecond = 20e6;

    /// <summary>The ffmpeg program: a name searched in PATH, or a path.</summary>
    [Required]
    public string FFmpegPath { get; set; } = "ffmpeg";

    /// <summary>The ffprobe program: a name searched in PATH, or a path.</summary>
    [Required]
    public string FFprobePath { get; set; } = "ffprobe";

    /// <summary>Decoder threads of one ffmpeg process; 0 means one per core.</summary>
    [Range(0, 64)]
    public int Threads { get; set; }

    /// <summary>Time limit for reading a file's header. Reading all packets may take four times as long, and one more second for each 20
    /// MB.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time limit for decoding, in lengths of the video. Only waiting for the decoder counts.</summary>
    [Range(0.1, 1000)]
    public double DecodeTimeoutFactor { get; set; } = 10;

    /// <summary>Minimum of the time limit for decoding. Generous, because decoders have a lower priority than the models. Processor time
    /// has its own limit.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MinDecodeTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Limit of processor time for decoding, in lengths of the video; at least <see cref="MinDecodeTimeout"/>.</summary>
    [Range(0.1, 10_000)]
    public double DecodeProcessorFactor { get; set; } = 20;

    /// <summary>Address space of ffprobe, in megabytes.</summary>
    [Range(300, 65_536)]
    public int ProbeMegabytes { get; set; } = 512;

    /// <summary>Address space of ffmpeg, in megabytes. Each decoder thread reserves some.</summary>
    [Range(512, 1_048_576)]
    public int DecodeMegabytes { get; set; } = 4096;

    /// <summary>Maximum number of tracks of a file, of any kind.</summary>
    [Range(1, 1000)]
    public int MaxTracks { get; set; } = 100;

    /// <summary>Maximum pixels of a picture; checked in the header, and again by the decoder.</summary>
    [Range(1, 1 << 30)]
    public int MaxPixels { get; set; } = 7680 * 4320;

    /// <summary>Maximum pictures of a video, counted by its packets.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPictures { get; set; } = 2_000_000;

    /// <summary>Whether FFmpeg must be isolated from the network.</summary>
    public SandboxMode Sandbox { get; set; }

    /// <summary>Share of a track, 0 to 1, that may be damaged or missing; more makes the file broken. Two seconds may always be
    /// missing.</summary>
    [Range(0.0, 1.0)]
    public double MaxDamagedShare { get; set; } = 0.1;

    /// <summary>Decodes with lower priority than the server, if the system allows it.</summary>
    public bool LowPriority { get; set; } = true;

    /// <summary>Normal priority, because a client waits for the answer.</summary>
    internal ToolLimits ProbeLimits
        => new() { Time = ProbeTimeout, MaxOutputBytes = 4 << 20, Sandbox = SandboxOf(ProbeMegabytes, ProbeTimeout) };

    /// <summary>Limits for reading every packet of a file without decoding. Two hours of packets take some seconds on a busy processor, and
    /// a slow disk reads about 20 MB a second. Processor time is limited as for the header.</summary>
    internal ToolLimits ScanLimits(long bytes)
        => ProbeLimits with { Time = ScanTimeouts * ProbeTimeout + TimeSpan.FromSeconds(bytes / ScanBytesPerSecond) };

    internal ToolLimits DecodeLimits(double durationSeconds)
    {
        var processor = AtLeast(durationSeconds * DecodeProcessorFactor, MinDecodeTimeout);
        return new()
        {
            Time = AtLeast(durationSeconds * DecodeTimeoutFactor, MinDecodeTimeout), MaxOutputBytes = 64 << 20, LowPriority = LowPriority,
            Sandbox = SandboxOf(DecodeMegabytes, processor),
        };
    }

    /// <exception cref="OptionsValidationException">The sandbox is required but incomplete on this machine.</exception>
    private ToolSandbox? SandboxOf(int megabytes, TimeSpan processor)
    {
        CheckSandbox();
        return Sandbox == SandboxMode.Off ? null : new ToolSandbox((long)megabytes << 20, processor);
    }

    /// <exception cref="OptionsValidationException">The sandbox is required but incomplete on this machine.</exception>
    internal void CheckSandbox()
    {
        if (Sandbox == SandboxMode.Required && SandboxFeatures.OfThisMachine is { BlocksNetwork: false } features)
            throw new OptionsValidationException(Section, typeof(MediaToolOptions),
                [$"{Section}:{nameof(Sandbox)} is {SandboxMode.Required}, but {features}."]);
    }

    private static TimeSpan AtLeast(double seconds, TimeSpan minimum)
        => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(7).TotalSeconds)) is var time && time > minimum ? time : minimum;
}

/// <summary>Whether FFmpeg runs in a sandbox; see docs/decisions/0010-media-sandbox.md.</summary>
public enum SandboxMode
{
    /// <summary>As far as the machine allows; a warning is logged if the network is reachable.</summary>
    Auto,
    /// <summary>The server does not start, and no verb opens a file, if the network is reachable.</summary>
    Required,
    /// <summary>No sandbox.</summary>
    Off,
}
