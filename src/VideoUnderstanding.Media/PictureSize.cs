namespace VideoUnderstanding.Media;

/// <summary>A size in pixels.</summary>
internal readonly record struct PictureSize(int Width, int Height)
{
    public int Bytes => Width * Height * 3;

    /// <summary>The size of a track's pictures with the long side at most <paramref name="maxLongSide"/>: never larger than shown, even on
    /// both sides.</summary>
    public static PictureSize Fit(VideoTrack track, int maxLongSide)
    {
        var scale = Math.Min(1, (double)maxLongSide / Math.Max(track.Width, track.Height));
        return new PictureSize(Even(track.Width * scale), Even(track.Height * scale));
    }

    // Down to even: rounding up would enlarge.
    private static int Even(double side) => Math.Max(2, (int)(side + 0.001) & ~1);
}
