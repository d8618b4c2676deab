namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>A line prepared for the recogniser: enlarged, dark letters on a light background, full contrast.</summary>
/// <param name="Scale">Pixels of <paramref name="Picture"/> per source pixel.</param>
/// <param name="Left">Source column of the first column.</param>
/// <param name="Top">Source row of the first row.</param>
internal sealed record LetterPicture(GrayPicture Picture, double Scale, int Left, int Top)
{
    // Tesseract works best with letters of 25 to 40 pixels. A line's box is about as high as its letters.
    private const double TargetHeight = 40;
    private const double MaxEnlargement = 4;

    // Tesseract needs a margin of background to distinguish letters from a frame.
    private const int Margin = 12;

    /// <param name="above">Rows of background that are included above and below.</param>
    public static LetterPicture Prepare(GrayPicture picture, TextBox line, int above, Background background)
    {
        // More at the sides: the arms of a final E or L have no vertical edges, by which regions are found.
        var box = line.Grow(Math.Max(4, line.Height / 4), above).Clip(picture.Width, picture.Height);
        var crop = Contrast.DarkOnLight(picture.Crop(box)).RemoveBackground(background, line.Height);
        var scale = Math.Min(TargetHeight / line.Height, MaxEnlargement);
        for (; scale < 0.5; scale *= 2)
            crop = crop.Halve();
        var (width, height) = (Math.Max(1, (int)Math.Round(crop.Width * scale)), Math.Max(1, (int)Math.Round(crop.Height * scale)));
        var letters = Contrast.Stretch(crop.Resize(width, height));
        return new LetterPicture(AddMargin(letters), (double)width / box.Width, box.Left, box.Top);
    }

    /// <summary>Converts a box of this picture to source pixels.</summary>
    public TextBox Back(TextBox box) => box.Move(-Margin, -Margin).Scale(1 / Scale).Move(Left, Top);

    private static GrayPicture AddMargin(GrayPicture picture)
    {
        var (width, height) = (picture.Width + 2 * Margin, picture.Height + 2 * Margin);
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)255);
        for (var y = 0; y < picture.Height; y++)
            picture.Row(y).CopyTo(pixels.AsSpan((y + Margin) * width + Margin));
        return new GrayPicture(width, height, pixels);
    }
}
