namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Separates letters from their background by luminance.</summary>
internal static class Contrast
{
    // A smaller range of luminances is noise and is not stretched.
    private const int MinRange = 16;

    /// <summary>Inverts a picture with light letters. The majority of the border pixels is the background.</summary>
    public static GrayPicture DarkOnLight(GrayPicture picture)
        => IsLightOnDark(picture, Otsu(picture.Histogram())) ? picture.Invert() : picture;

    public static bool IsLightOnDark(GrayPicture picture, int threshold)
    {
        var (dark, all) = (0, 2 * (picture.Width + picture.Height));
        foreach (var y in new[] { 0, picture.Height - 1 })
        {
            foreach (var pixel in picture.Row(y))
                dark += pixel <= threshold ? 1 : 0;
        }
        for (var y = 0; y < picture.Height; y++)
            dark += (picture.Row(y)[0] <= threshold ? 1 : 0) + (picture.Row(y)[^1] <= threshold ? 1 : 0);
        return dark * 2 > all;
    }

    /// <summary>Stretches the luminances so that the darkest and the lightest percent become black and white.</summary>
    public static GrayPicture Stretch(GrayPicture picture)
    {
        var counts = picture.Histogram();
        var (low, high) = (Quantile(counts, picture.Pixels.Length / 100),
            Quantile(counts, picture.Pixels.Length - picture.Pixels.Length / 100 - 1));
        return high - low < MinRange ? picture
            : picture with
            {
                Pixels = Array.ConvertAll(picture.Pixels, pixel => (byte)Math.Clamp((pixel - low) * 255 / (high - low), 0, 255)),
            };
    }

    /// <summary>The luminance at a rank in ascending order.</summary>
    public static int Quantile(int[] counts, int rank)
    {
        var (value, sum) = (0, counts[0]);
        while (sum <= rank && value < 255)
            sum += counts[++value];
        return value;
    }

    /// <summary>Otsu's threshold (1979): the highest luminance of the darker of the two most different classes.</summary>
    public static int Otsu(int[] counts)
    {
        var (total, weighted) = (0L, 0L);
        for (var i = 0; i < counts.Length; i++)
            (total, weighted) = (total + counts[i], weighted + (long)i * counts[i]);
        var (best, threshold, below, belowWeighted) = (-1.0, 0, 0L, 0L);
        for (var i = 0; i < counts.Length - 1; i++)
        {
            (below, belowWeighted) = (below + counts[i], belowWeighted + (long)i * counts[i]);
            if (below == 0 || below == total)
                continue;
            var difference = (double)belowWeighted / below - (double)(weighted - belowWeighted) / (total - below);
            var between = difference * difference * below * (total - below);
            if (between > best)
                (best, threshold) = (between, i);
        }
        return threshold;
    }
}
