using System.Globalization;

namespace VideoUnderstanding.Media;

/// <summary>
/// How timestamps of a file become times of the video. Time 0 is the first frame that a player shows; without a picture track it is the
/// first sound. Every reader of the file applies this clock, so that frames, words and thumbnails have the same times.
/// </summary>
public sealed record MediaClock
{
    // ffmpeg's own setting; a jump of all tracks by more is no pause but a new start.
    internal const double JumpSeconds = 10;

    public ClockKind Kind { get; init; }

    /// <summary>The timestamp, in seconds, of time 0. With <see cref="ClockKind.Corrected"/> it is a timestamp after the
    /// correction.</summary>
    public double Origin { get; init; }

    /// <summary>Frames per second of a stream without timestamps.</summary>
    public double CountedRate { get; init; }

    /// <summary>Streams that ffmpeg has to read in every run to make the same corrections in each.</summary>
    public IReadOnlyList<int> Streams { get; init; } = [];

    /// <summary>The demuxer that reads the file, where it differs from the one that the first bytes tell.</summary>
    public string? Demuxer { get; init; }

    /// <summary>Options before the input's name.</summary>
    internal string[] InputOptions => Kind == ClockKind.Stamped ? ["-copyts"] : [];

    /// <summary>The filter that turns timestamps of pictures into times of the video.</summary>
    internal string VideoFilter => Kind == ClockKind.Counted
        ? string.Create(CultureInfo.InvariantCulture, $"setpts=N/({CountedRate:0.######}*TB)") : "setpts=" + Shift;

    /// <summary>The same for sound.</summary>
    internal string AudioFilter => "asetpts=" + Shift;

    /// <summary>Words after the output's: the streams that are only read for their timestamps.</summary>
    internal string[] Companions => Kind == ClockKind.Corrected
        ? [.. Streams.SelectMany(stream => (string[])["-map", $"0:{stream}"]), "-c", "copy", "-copyinkf", "-f", "null", "-"] : [];

    private string Shift => string.Create(CultureInfo.InvariantCulture, $"PTS-({Origin:0.######})/TB");

    /// <summary>The file as this clock reads it.</summary>
    internal InputFile Open(string path)
        => InputFile.Sniff(path) is var file && Demuxer is { } other ? file with { Demuxer = other } : file;
}

/// <summary>What the times of a file are made from.</summary>
public enum ClockKind
{
    /// <summary>The file's own timestamps.</summary>
    Stamped,
    /// <summary>The file's timestamps restart or jump; ffmpeg joins the parts.</summary>
    Corrected,
    /// <summary>There are no timestamps: frames are counted.</summary>
    Counted,
}
