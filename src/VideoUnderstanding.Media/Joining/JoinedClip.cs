namespace VideoUnderstanding.Media.Joining;

/// <summary>The format that all parts of a joined clip have: H.264 of one size and an even frame rate, and AAC in stereo.</summary>
/// <param name="Width">Pixels, even.</param>
/// <param name="Height">Pixels, even.</param>
/// <param name="FrameTicks">Length of a frame in ticks of <see cref="TicksPerSecond"/>.</param>
public sealed record JoinedFormat(int Width, int Height, int FrameTicks)
{
    /// <summary>Time base of the pictures. The usual frame rates have a whole number of ticks per frame.</summary>
    public const int TicksPerSecond = 90_000;

    internal const int SampleRate = 48_000;

    /// <summary>Samples per AAC packet.</summary>
    internal const int PacketSamples = 1024;

    /// <summary>Frames per second. Slide shows get the lower one; rates above the upper one are halved.</summary>
    private const double MinRate = 10, MaxRate = 31, DefaultRate = 25;

    /// <summary>Selects the largest picture of the orientation that has more seconds, and the highest frame rate. Others are scaled and
    /// padded.</summary>
    /// <param name="parts">Size, frame rate and seconds of each part; at least one.</param>
    /// <param name="maxLongSide">Maximum pixels of the longer side.</param>
    public static JoinedFormat For(IReadOnlyCollection<JoinedSource> parts, int maxLongSide)
    {
        var isPortrait = parts.Where(part => part.IsPortrait).Sum(part => part.Seconds)
            > parts.Where(part => !part.IsPortrait).Sum(part => part.Seconds);
        var largest = parts.Where(part => part.IsPortrait == isPortrait).MaxBy(part => (long)part.Width * part.Height);
        var size = PictureSize.Fit(largest.Width, largest.Height, maxLongSide);
        return new JoinedFormat(size.Width, size.Height, (int)Math.Round(TicksPerSecond / parts.Max(part => RateOf(part.FramesPerSecond))));
    }

    /// <returns>At least 1.</returns>
    public int FramesIn(double seconds) => Math.Max(1, (int)Math.Round(seconds * TicksPerSecond / FrameTicks));

    /// <summary>Number of the first packet of sound that begins at or after a frame.</summary>
    internal long PacketAt(long frame)
        => (frame * FrameTicks * SampleRate + (long)TicksPerSecond * PacketSamples - 1) / ((long)TicksPerSecond * PacketSamples);

    private static double RateOf(double framesPerSecond)
    {
        var rate = framesPerSecond > 0 ? framesPerSecond : DefaultRate;
        while (rate > MaxRate)
            rate /= 2;
        return Math.Max(rate, MinRate);
    }
}

/// <summary>Properties of a part that determine the common format. Width and height are as displayed.</summary>
public readonly record struct JoinedSource(int Width, int Height, double FramesPerSecond, double Seconds)
{
    public bool IsPortrait => Height > Width;
}

/// <summary>A joined clip while its parts are written: the output, and where the next part begins.</summary>
/// <param name="totalSeconds">Sum of the lengths of all parts, for the header of the file.</param>
/// <param name="output">Receives a fragmented MP4 file. Not disposed.</param>
public sealed class JoinedClip(JoinedFormat format, IEnumerable<double> totalSeconds, Stream output)
{
    public JoinedFormat Format => format;

    /// <summary>Frames of the parts that were written.</summary>
    public long Frames { get; internal set; }

    internal FragmentJoiner Joiner { get; } = new(output, totalSeconds.Sum(seconds => (long)format.FramesIn(seconds)) * format.FrameTicks);
}
