namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Detects whether a region shows the same text as before.</summary>
public static class TextChange
{
    /// <summary>Difference of luminance above which a pixel has changed; compression alone rarely causes it.</summary>
    private const int PixelChange = 40;

    /// <summary>Share of changed pixels above which a region has changed. One digit of a line of thirty characters is about one
    /// percent.</summary>
    private const double RegionChange = 0.005;

    /// <summary>Minimum intersection over union of two boxes of one region: detection varies by a pixel or two.</summary>
    private const double SameBox = 0.75;

    public static bool IsSame(TextBox a, TextBox b)
    {
        var both = a.Overlap(b);
        return both > SameBox * (a.Area + b.Area - both);
    }

    /// <summary>Compares two pictures of one region.</summary>
    public static bool HasChanged(GrayPicture before, GrayPicture now)
    {
        if (before.Width != now.Width || before.Height != now.Height)
            return true;
        var changed = 0;
        for (var i = 0; i < before.Pixels.Length; i++)
            changed += Math.Abs(before.Pixels[i] - now.Pixels[i]) > PixelChange ? 1 : 0;
        return changed > RegionChange * before.Pixels.Length;
    }
}
