using System.Globalization;

namespace VideoUnderstanding.Media;

/// <summary>Maps timestamps of a file to times of the video. Time 0 is the first frame that a player shows, or the first sound if there are
/// no pictures. Every reader of the file uses this clock, so frames, words and thumbnails have the same times.</summary>
public sealed record MediaClock
{
    // ffmpeg's own threshold: a larger jump of all tracks is a restart, not a pause.
    internal const double JumpSeconds = 10;

    public ClockKind Kind { get; init; }

    /// <summary>Timestamp of time 0, in seconds. With <see cref="ClockKind.Corrected"/>, a timestamp after the correction.</summary>
    public double Origin { get; init; }

    /// <summary>Frames per second of a stream without timestamps.</summary>
    public double CountedRate { get; init; }

    /// <summary>Streams that ffmpeg has to read in every run, so that it makes the same corrections.</summary>
    public IReadOnlyList<int> Streams { get; init; } = [];

    /// <summary>The demuxer that reads the file, if it differs from the one that the first bytes select.</summary>
    public string? Demuxer { get; init; }

    /// <summary>Options before the input's name.</summary>
    internal string[] InputOptions => Kind == ClockKind.Stamped ? ["-copyts"] : [];

    /// <summary>The filter that turns timestamps of pictures into times of the video.</summary>
    internal string VideoFilter => Kind == ClockKind.Counted
        ? string.Create(CultureInfo.InvariantCulture, $"setpts=N/({CountedRate:0.######}*TB)") : "setpts=" + Shift;

    /// <summary>The same for sound.</summary>
    internal string AudioFilter => "asetpts=" + Shift;

    /// <summary>Arguments after the output: the streams that are read only for their timestamps.</summary>
    internal string[] TimestampStreams => Kind == ClockKind.Corrected
        ? [.. Streams.SelectMany(stream => (string[])["-map", $"0:{stream}"]), "-c", "copy", "-copyinkf", "-f", "null", "-"] : [];

    private string Shift => string.Create(CultureInfo.InvariantCulture, $"PTS-({Origin:0.######})/TB");

    /// <summary>The file with the demuxer of this clock.</summary>
    internal InputFile Open(string path)
        => InputFile.Sniff(path) is var file && Demuxer is { } other ? file with { Demuxer = other } : file;
}

/// <summary>The source of the times of a file.</summary>
public enum ClockKind
{
    /// <summary>The file's own timestamps.</summary>
    Stamped,
    /// <summary>The file's timestamps restart or jump; ffmpeg joins the parts.</summary>
    Corrected,
    /// <summary>There are no timestamps: frames are counted.</summary>
    Counted,
}
