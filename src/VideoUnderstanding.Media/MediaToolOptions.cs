using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>How FFmpeg is found and how much it may use. Section <c>VideoUnderstanding:Media</c>.</summary>
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

    /// <summary>Decoder threads of one ffmpeg process; 0 leaves it to FFmpeg (one per core).</summary>
    [Range(0, 64)]
    public int Threads { get; set; }

    /// <summary>Time to read a file's header. Reading all packets may take four times as long, and one more second for each
    /// 20 MB.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that decoding may take, in lengths of the video. Only waiting for the decoder counts.</summary>
    [Range(0.1, 1000)]
    public double DecodeTimeoutFactor { get; set; } = 10;

    /// <summary>Time that decoding may take at least, however short the video. Generous, because decoders have a low priority beside
    /// models that keep every core busy. The processor time is bounded apart from it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MinDecodeTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Time on all processors together that decoding may take, in lengths of the video; at least
    /// <see cref="MinDecodeTimeout"/>.</summary>
    [Range(0.1, 10_000)]
    public double DecodeProcessorFactor { get; set; } = 20;

    /// <summary>Memory that ffprobe may map, in megabytes.</summary>
    [Range(300, 65_536)]
    public int ProbeMegabytes { get; set; } = 512;

    /// <summary>Memory that ffmpeg may map, in megabytes. Each decoder thread reserves some.</summary>
    [Range(512, 1_048_576)]
    public int DecodeMegabytes { get; set; } = 4096;

    /// <summary>Tracks of a file, at most, whatever their kind.</summary>
    [Range(1, 1000)]
    public int MaxTracks { get; set; } = 100;

    /// <summary>Pixels of a picture, at most; checked in the header, and again by the decoder.</summary>
    [Range(1, 1 << 30)]
    public int MaxPixels { get; set; } = 7680 * 4320;

    /// <summary>Pictures of a video, at most, as its packets count them.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPictures { get; set; } = 2_000_000;

    /// <summary>Whether the tools have to be cut off from the network.</summary>
    public JailMode Jail { get; set; }

    /// <summary>Share of a track, 0 to 1, that may be damaged or missing before the file counts as broken. Two seconds may always be
    /// missing.</summary>
    [Range(0.0, 1.0)]
    public double MaxDamagedShare { get; set; } = 0.1;

    /// <summary>Decodes with lower priority than the server, where the system allows it.</summary>
    public bool LowPriority { get; set; } = true;

    /// <summary>Not of low priority: a client waits for the answer, and it takes a moment.</summary>
    internal ToolLimits ProbeLimits => new() { Time = ProbeTimeout, MaxOutputBytes = 4 << 20, Jail = JailOf(ProbeMegabytes, ProbeTimeout) };

    /// <summary>For reading every packet of a file without decoding. Two hours of packets take some seconds of a processor that others
    /// use, too, and a slow disk gives some 20 MB a second. The processor time is bounded as for the header.</summary>
    internal ToolLimits ScanLimits(long bytes)
        => ProbeLimits with { Time = ScanTimeouts * ProbeTimeout + TimeSpan.FromSeconds(bytes / ScanBytesPerSecond) };

    internal ToolLimits DecodeLimits(double durationSeconds)
    {
        var processor = Longest(durationSeconds * DecodeProcessorFactor, MinDecodeTimeout);
        return new()
        {
            Time = Longest(durationSeconds * DecodeTimeoutFactor, MinDecodeTimeout), MaxOutputBytes = 64 << 20, LowPriority = LowPriority,
            Jail = JailOf(DecodeMegabytes, processor),
        };
    }

    /// <exception cref="OptionsValidationException">The jail is required and has a hole here.</exception>
    private ToolJail? JailOf(int megabytes, TimeSpan processor)
    {
        CheckJail();
        return Jail == JailMode.Off ? null : new ToolJail((long)megabytes << 20, processor);
    }

    /// <exception cref="OptionsValidationException">The jail is required and has a hole here.</exception>
    internal void CheckJail()
    {
        if (Jail == JailMode.Required && JailMeans.OfThisMachine is { CutsOffNetwork: false } means)
            throw new OptionsValidationException(Section, typeof(MediaToolOptions),
                [$"{Section}:{nameof(Jail)} is {JailMode.Required}, but {means}."]);
    }

    private static TimeSpan Longest(double seconds, TimeSpan least)
        => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(7).TotalSeconds)) is var time && time > least ? time : least;
}

/// <summary>Whether FFmpeg runs in a jail; docs/decisions/0010-media-jail.md says what it is made of.</summary>
public enum JailMode
{
    /// <summary>As much of it as the machine allows; the log tells when the network can not be cut off.</summary>
    Auto,
    /// <summary>The server does not start, and no verb opens a file, where the network can not be cut off.</summary>
    Required,
    /// <summary>As any program of the server's user.</summary>
    Off,
}
