namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Ways to take the ground of letters away. All take dark letters on a lighter ground.</summary>
internal enum Ground
{
    /// <summary>An even ground stays as it is.</summary>
    Even,

    /// <summary>A ground that is bright here and dark there: each pixel is compared with its own surroundings.</summary>
    Uneven,

    /// <summary>A lively ground behind heavy letters of one colour: all that has not nearly their luminance becomes ground.</summary>
    Lively,
}

internal static class Grounds
{
    // Letters cover less than this part of any stretch of a line; of what is left, the middle is the ground.
    private const double GroundQuantile = 0.7;

    public static GrayPicture TakeAway(this GrayPicture picture, Ground ground, int letterHeight) => ground switch
    {
        Ground.Uneven => Flatten(picture, Math.Clamp(letterHeight / 2, 3, 12)),
        Ground.Lively => Harden(picture),
        _ => picture,
    };

    /// <summary>Keeps only what is about as dark as the letters are: a quarter of the way from their mean luminance to the threshold
    /// between letters and ground.</summary>
    private static GrayPicture Harden(GrayPicture picture)
    {
        var counts = picture.Histogram();
        var threshold = Contrast.Otsu(counts);
        var (sum, number) = (0L, 0L);
        for (var i = 0; i <= threshold; i++)
            (sum, number) = (sum + (long)i * counts[i], number + counts[i]);
        var mean = number == 0 ? 0 : (double)sum / number;
        var limit = mean + (threshold - mean) / 4;
        // A short ramp instead of a step: letters of few pixels live by their grey edges.
        var ramp = Math.Max(1, (threshold - mean) / 2);
        return picture with { Pixels = Array.ConvertAll(picture.Pixels, pixel => (byte)Math.Clamp((pixel - limit) * 255 / ramp, 0, 255)) };
    }

    /// <summary>How much darker than the ground around it each pixel is, on white.</summary>
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
                // The window slides to the right: a column comes, another goes.
                if (x + radius < picture.Width)
                    number += Count(picture, x + radius, top, bottom, counts, 1);
                if (x - radius > 0)
                    number -= Count(picture, x - radius - 1, top, bottom, counts, -1);
                if (x >= 0)
                    pixels[y * picture.Width + x] = (byte)Math.Clamp(
                        255 - Contrast.Quantile(counts, (int)(number * GroundQuantile)) + picture.Row(y)[x], 0, 255);
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
