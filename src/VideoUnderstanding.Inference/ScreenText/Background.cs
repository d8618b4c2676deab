namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Ways to remove the background of dark letters on a lighter background.</summary>
internal enum Background
{
    /// <summary>An even background is not changed.</summary>
    Even,

    /// <summary>A background of varying brightness: each pixel is compared with its surroundings.</summary>
    Uneven,

    /// <summary>A detailed background behind heavy letters of one colour: pixels without nearly their luminance become
    /// background.</summary>
    Detailed,
}

internal static class Backgrounds
{
    // Letters cover less than this share of any stretch of a line; the median of the rest is the background.
    private const double BackgroundQuantile = 0.7;

    public static GrayPicture RemoveBackground(this GrayPicture picture, Background background, int letterHeight) => background switch
    {
        Background.Uneven => Flatten(picture, Math.Clamp(letterHeight / 2, 3, 12)),
        Background.Detailed => KeepLetterColour(picture),
        _ => picture,
    };

    /// <summary>Keeps pixels that are about as dark as the letters: up to a quarter of the way from their mean luminance to the threshold
    /// between letters and background.</summary>
    private static GrayPicture KeepLetterColour(GrayPicture picture)
    {
        var counts = picture.Histogram();
        var threshold = Contrast.Otsu(counts);
        var (sum, number) = (0L, 0L);
        for (var i = 0; i <= threshold; i++)
            (sum, number) = (sum + (long)i * counts[i], number + counts[i]);
        var mean = number == 0 ? 0 : (double)sum / number;
        var limit = mean + (threshold - mean) / 4;
        // A short ramp instead of a step, because small letters consist of grey edges.
        var ramp = Math.Max(1, (threshold - mean) / 2);
        return picture with { Pixels = Array.ConvertAll(picture.Pixels, pixel => (byte)Math.Clamp((pixel - limit) * 255 / ramp, 0, 255)) };
    }

    /// <summary>Replaces each pixel by its difference to the background around it, on white.</summary>
    private static GrayPicture Flatten(GrayPicture picture, int radius)
    {
        var pixels = new byte[picture.Pixels.Length];
        var counts = new int[256];
        for (var y = 0; y < picture.Height; y++)
        {
            Array.Clear(counts);
            var (top, bottom, number) = (Math.Max(0, y - radius), Math.Min(picture.Height, y + radius + 1), 0);
            for (var x = -radius; x < picture.Width; x++)
            {
                // The window moves to the right: one column is added, one removed.
                if (x + radius < picture.Width)
                    number += Count(picture, x + radius, top, bottom, counts, 1);
                if (x - radius > 0)
                    number -= Count(picture, x - radius - 1, top, bottom, counts, -1);
                if (x >= 0)
                    pixels[y * picture.Width + x] = (byte)Math.Clamp(
                        255 - Contrast.Quantile(counts, (int)(number * BackgroundQuantile)) + picture.Row(y)[x], 0, 255);
            }
        }
        return picture with { Pixels = pixels };
    }

    private static int Count(GrayPicture picture, int x, int top, int bottom, int[] counts, int step)
    {
        for (var y = top; y < bottom; y++)
            counts[picture.Pixels[y * picture.Width + x]] += step;
        return bottom - top;
    }
}
