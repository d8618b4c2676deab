namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Tells whether a region shows the same text as before.</summary>
public static class TextChange
{
    /// <summary>A pixel has changed when its luminance differs by more than this; compression alone seldom does that.</summary>
    private const int PixelChange = 40;

    /// <summary>Part of a region's pixels that must have changed. One digit of a line of thirty signs is about one hundredth.</summary>
    private const double RegionChange = 0.005;

    /// <summary>Part of two boxes together that both must cover to be one region: what is detected wavers by a pixel or two.</summary>
    private const double SameBox = 0.75;

    public static bool IsSame(TextBox a, TextBox b)
    {
        var both = a.Overlap(b);
        return both > SameBox * (a.Area + b.Area - both);
    }

    /// <summary>Two looks at one region.</summary>
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
