namespace VideoUnderstanding.Media;

/// <summary>One decoded picture: RGB, 8 bits a channel, rows from the top, no padding.</summary>
/// <param name="Time">Seconds from the start of the video.</param>
/// <param name="StartsShot">True for the first picture and for the first one after a cut.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb"><paramref name="Width"/> * <paramref name="Height"/> * 3 bytes.</param>
public sealed record Frame(double Time, bool StartsShot, int Width, int Height, byte[] Rgb);
