namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Tells letters from their ground by luminance.</summary>
internal static class Contrast
{
    // Less difference than this between the darkest and the lightest is noise, and stays as it is.
    private const int LeastRange = 16;

    /// <summary>Turns the luminances where the letters are the lighter side. What most of the picture's border is, is the ground.</summary>
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

    /// <summary>Spreads the luminances so that the darkest and the lightest hundredth are black and white.</summary>
    public static GrayPicture Stretch(GrayPicture picture)
    {
        var counts = picture.Histogram();
        var (low, high) = (Quantile(counts, picture.Pixels.Length / 100),
            Quantile(counts, picture.Pixels.Length - picture.Pixels.Length / 100 - 1));
        return high - low < LeastRange ? picture
            : picture with
            {
                Pixels = Array.ConvertAll(picture.Pixels, pixel => (byte)Math.Clamp((pixel - low) * 255 / (high - low), 0, 255)),
            };
    }

    /// <summary>The luminance of the pixel that has this many darker ones before it, when all are in order.</summary>
    public static int Quantile(int[] counts, int rank)
    {
        var (value, sum) = (0, counts[0]);
        while (sum <= rank && value < 255)
            sum += counts[++value];
        return value;
    }

    /// <summary>The luminance that parts a picture into the two most different classes (Otsu 1979): the darker one ends with it.</summary>
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
