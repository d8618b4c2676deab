namespace VideoUnderstanding.Media;

/// <summary>One decoded picture: RGB, 8 bits a channel, rows from the top, no padding.</summary>
/// <param name="Time">Seconds from the start of the video at which the picture is shown.</param>
/// <param name="StartsShot">True for the first picture and for the first one after a cut, or the one that represents it.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb"><paramref name="Width"/> * <paramref name="Height"/> * 3 bytes.</param>
public sealed record Frame(double Time, bool StartsShot, int Width, int Height, byte[] Rgb)
{
    /// <summary>Seconds from which the picture represents the video, until the start of the next one: the start of the sampling interval
    /// in whose middle it is shown, or the cut in that interval.</summary>
    public double Start { get; init; } = Time;
}
