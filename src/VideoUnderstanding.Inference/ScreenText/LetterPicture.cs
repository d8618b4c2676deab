namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>A region made ready for the recogniser: large enough, dark letters on a light ground, full contrast.</summary>
/// <param name="Scale">Pixels of <paramref name="Picture"/> for one of the region.</param>
/// <param name="Left">Column of the region's picture that the first column here was.</param>
/// <param name="Top">Row, likewise.</param>
internal sealed record LetterPicture(GrayPicture Picture, double Scale, int Left, int Top)
{
    // Tesseract reads letters of 25 to 40 pixels best. A region's box is about as high as its letters.
    private const int WantedHeight = 40;
    private const double MostEnlarged = 4;

    // A ring of background around the letters, which Tesseract needs to tell them from a frame.
    private const int Ring = 12;

    /// <param name="lines">Lines that the region seems to hold; its height over this is one line's.</param>
    public static LetterPicture Of(GrayPicture picture, TextBox region, double lines)
    {
        var around = Math.Max(3, region.Height / 6);
        var box = region.Grow(around, around).Clip(picture.Width, picture.Height);
        var crop = picture.Crop(box);
        var scale = Math.Clamp(WantedHeight * lines / region.Height, 0.25, MostEnlarged);
        while (scale < 0.5)
            (crop, scale) = (crop.Halve(), scale * 2);
        var (width, height) = (Math.Max(1, (int)Math.Round(crop.Width * scale)), Math.Max(1, (int)Math.Round(crop.Height * scale)));
        var letters = Stretch(DarkOnLight(crop.Resize(width, height)));
        return new LetterPicture(Surround(letters), (double)width / box.Width, box.Left, box.Top);
    }

    /// <summary>A box of this picture in pixels of the picture that the region is part of.</summary>
    public TextBox Back(TextBox box) => box.Move(-Ring, -Ring).Scale(1 / Scale).Move(Left, Top);

    /// <summary>Letters cover less than their ground: the rarer side of the best threshold is made the dark one.</summary>
    private static GrayPicture DarkOnLight(GrayPicture picture)
    {
        var counts = picture.Histogram();
        var threshold = Otsu(counts);
        var dark = counts.AsSpan(0, threshold + 1);
        var sum = 0L;
        foreach (var count in dark)
            sum += count;
        return sum * 2 > picture.Pixels.Length ? picture.Invert() : picture;
    }

    /// <summary>Spreads the luminances so that the darkest and the lightest hundredth are black and white.</summary>
    private static GrayPicture Stretch(GrayPicture picture)
    {
        var counts = picture.Histogram();
        var (low, high) = (Quantile(counts, picture.Pixels.Length / 100), Quantile(counts, picture.Pixels.Length - picture.Pixels.Length / 100 - 1));
        if (high - low < 16)
            return picture;
        return picture with { Pixels = Array.ConvertAll(picture.Pixels, pixel => (byte)Math.Clamp((pixel - low) * 255 / (high - low), 0, 255)) };
    }

    private static GrayPicture Surround(GrayPicture picture)
    {
        var (width, height) = (picture.Width + 2 * Ring, picture.Height + 2 * Ring);
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)255);
        for (var y = 0; y < picture.Height; y++)
            picture.Row(y).CopyTo(pixels.AsSpan((y + Ring) * width + Ring));
        return new GrayPicture(width, height, pixels);
    }

    private static int Quantile(int[] counts, int rank)
    {
        var (value, sum) = (0, counts[0]);
        while (sum <= rank && value < 255)
            sum += counts[++value];
        return value;
    }

    /// <summary>The luminance that parts the picture into the two most different classes (Otsu 1979).</summary>
    internal static int Otsu(int[] counts)
    {
        var total = 0L;
        var weighted = 0L;
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
