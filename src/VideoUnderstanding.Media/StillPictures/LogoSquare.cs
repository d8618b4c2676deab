namespace VideoUnderstanding.Media.StillPictures;

/// <summary>Preprocesses a logo for the visual model: crops the empty border and centres the logo in a square with a uniform background, so
/// that square cropping loses nothing.</summary>
public static class LogoSquare
{
    /// <summary>Margin on each side, as a share of the square's side.</summary>
    private const double Margin = 0.06;

    /// <summary>Minimum difference from the background in one channel, 0 to 255, of a pixel of the logo.</summary>
    private const int MinDifference = 24;

    private const byte White = 255, Dark = 32;

    /// <summary>Logos with a higher mean brightness, 0 to 255, get a dark background.</summary>
    private const double MaxBrightnessForWhite = 190;

    public static Frame Create(StillPicture picture)
    {
        var background = FindBackground(picture);
        var flat = picture.Flatten(background);
        var (left, top, right, bottom) = BoundingBox(flat, picture.Width, picture.Height, background);
        var side = (int)Math.Ceiling(Math.Max(right - left, bottom - top) * (1 + 2 * Margin));
        var square = new byte[side * side * 3];
        for (var i = 0; i < square.Length; i++)
            square[i] = background[i % 3];
        var (atX, atY) = ((side - (right - left)) / 2, (side - (bottom - top)) / 2);
        for (var y = top; y < bottom; y++)
            flat.AsSpan((y * picture.Width + left) * 3, (right - left) * 3).CopyTo(square.AsSpan(((atY + y - top) * side + atX) * 3));
        return new Frame(0, true, side, side, square);
    }

    /// <summary>Returns the background colour. With transparency it is white or dark, whichever contrasts with the opaque part; otherwise
    /// the mean colour of the corners.</summary>
    private static byte[] FindBackground(StillPicture picture)
    {
        double light = 0, opaque = 0;
        var pixels = picture.Rgba;
        for (var i = 0; i < pixels.Length; i += 4)
        {
            light += pixels[i + 3] * (0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2]);
            opaque += pixels[i + 3];
        }
        if (opaque == pixels.Length / 4 * 255.0)
            return Corners(picture);
        return opaque > 0 && light / opaque > MaxBrightnessForWhite ? [Dark, Dark, Dark] : [White, White, White];
    }

    private static byte[] Corners(StillPicture picture)
    {
        var (width, height) = (picture.Width, picture.Height);
        int[] corners = [0, width - 1, (height - 1) * width, height * width - 1];
        return [.. Enumerable.Range(0, 3).Select(colour => (byte)corners.Average(corner => (double)picture.Rgba[corner * 4 + colour]))];
    }

    /// <summary>The bounding rectangle of all visible pixels; the whole picture if there are none.</summary>
    private static (int Left, int Top, int Right, int Bottom) BoundingBox(byte[] flat, int width, int height, byte[] background)
    {
        var (left, top, right, bottom) = (width, height, 0, 0);
        for (var i = 0; i < flat.Length; i++)
        {
            if (Math.Abs(flat[i] - background[i % 3]) <= MinDifference)
                continue;
            var (x, y) = (i / 3 % width, i / 3 / width);
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
        }
        return right > left ? (left, top, right, bottom) : (0, 0, width, height);
    }
}
