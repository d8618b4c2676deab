namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>A line made ready for the recogniser: large enough, dark letters on a light ground, full contrast.</summary>
/// <param name="Scale">Pixels of <paramref name="Picture"/> for one of the source.</param>
/// <param name="Left">Column of the source that the first column of the line is.</param>
/// <param name="Top">Row, likewise.</param>
internal sealed record LetterPicture(GrayPicture Picture, double Scale, int Left, int Top)
{
    // Tesseract reads letters of 25 to 40 pixels best. A line's box is about as high as its letters.
    private const double WantedHeight = 40;
    private const double MostEnlarged = 4;

    // A ring of background around the letters, which Tesseract needs to tell them from a frame.
    private const int Ring = 12;

    /// <param name="above">Rows of ground taken along above and below.</param>
    public static LetterPicture Of(GrayPicture picture, TextBox line, int above, Ground ground)
    {
        // More at the sides: the arms of a last E or L have no upright edges, by which regions are found.
        var box = line.Grow(Math.Max(4, line.Height / 4), above).Clip(picture.Width, picture.Height);
        var crop = Contrast.DarkOnLight(picture.Crop(box)).TakeAway(ground, line.Height);
        var scale = Math.Min(WantedHeight / line.Height, MostEnlarged);
        for (; scale < 0.5; scale *= 2)
            crop = crop.Halve();
        var (width, height) = (Math.Max(1, (int)Math.Round(crop.Width * scale)), Math.Max(1, (int)Math.Round(crop.Height * scale)));
        var letters = Contrast.Stretch(crop.Resize(width, height));
        return new LetterPicture(Surround(letters), (double)width / box.Width, box.Left, box.Top);
    }

    /// <summary>A box of this picture in pixels of the source.</summary>
    public TextBox Back(TextBox box) => box.Move(-Ring, -Ring).Scale(1 / Scale).Move(Left, Top);

    private static GrayPicture Surround(GrayPicture picture)
    {
        var (width, height) = (picture.Width + 2 * Ring, picture.Height + 2 * Ring);
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)255);
        for (var y = 0; y < picture.Height; y++)
            picture.Row(y).CopyTo(pixels.AsSpan((y + Ring) * width + Ring));
        return new GrayPicture(width, height, pixels);
    }
}
