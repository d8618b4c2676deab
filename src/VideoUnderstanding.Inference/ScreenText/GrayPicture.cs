using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>A picture of luminances, 0 black to 255 white, rows from the top, without padding.</summary>
public sealed record GrayPicture(int Width, int Height, byte[] Pixels)
{
    public ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * Width, Width);

    /// <summary>Luminance by the weights of ITU-R BT.601.</summary>
    public static GrayPicture FromFrame(Frame frame)
    {
        var pixels = new byte[frame.Width * frame.Height];
        var rgb = frame.Rgb.AsSpan(0, pixels.Length * 3);
        for (int i = 0, at = 0; i < pixels.Length; i++, at += 3)
            pixels[i] = (byte)((rgb[at] * 77 + rgb[at + 1] * 150 + rgb[at + 2] * 29) >> 8);
        return new GrayPicture(frame.Width, frame.Height, pixels);
    }

    /// <summary>The part inside the box. The box may extend beyond the picture; that part is cut off.</summary>
    public GrayPicture Crop(TextBox box)
    {
        var inside = box.Clip(Width, Height);
        var pixels = new byte[inside.Width * inside.Height];
        for (var y = 0; y < inside.Height; y++)
            Row(inside.Top + y).Slice(inside.Left, inside.Width).CopyTo(pixels.AsSpan(y * inside.Width));
        return new GrayPicture(inside.Width, inside.Height, pixels);
    }

    /// <summary>Half the size; each pixel is the mean of four.</summary>
    public GrayPicture Halve()
    {
        var (width, height) = (Width / 2, Height / 2);
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var upper = Row(2 * y);
            var lower = Row(2 * y + 1);
            for (var x = 0; x < width; x++)
                pixels[y * width + x] = (byte)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
        }
        return new GrayPicture(width, height, pixels);
    }

    /// <summary>Resizes by cubic interpolation (Catmull-Rom), which keeps edges sharp when small letters are enlarged. To shrink to less
    /// than half, use <see cref="Halve"/> first.</summary>
    public GrayPicture Resize(int width, int height)
    {
        var columns = CubicTap.Row(Width, width);
        var rows = CubicTap.Row(Height, height);
        var wide = new float[Height * width];
        for (var y = 0; y < Height; y++)
        {
            var row = Row(y);
            for (var x = 0; x < width; x++)
            {
                ref readonly var tap = ref columns[x];
                wide[y * width + x] = row[tap.A] * tap.WeightA + row[tap.B] * tap.WeightB + row[tap.C] * tap.WeightC
                    + row[tap.D] * tap.WeightD;
            }
        }
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var tap = rows[y];
            for (var x = 0; x < width; x++)
            {
                var value = wide[tap.A * width + x] * tap.WeightA + wide[tap.B * width + x] * tap.WeightB
                    + wide[tap.C * width + x] * tap.WeightC + wide[tap.D * width + x] * tap.WeightD;
                pixels[y * width + x] = (byte)Math.Clamp(value + 0.5f, 0, 255);
            }
        }
        return new GrayPicture(width, height, pixels);
    }

    public GrayPicture Invert() => this with { Pixels = Array.ConvertAll(Pixels, pixel => (byte)(255 - pixel)) };

    /// <summary>Number of pixels of each luminance.</summary>
    public int[] Histogram()
    {
        var counts = new int[256];
        foreach (var pixel in Pixels)
            counts[pixel]++;
        return counts;
    }
}

/// <summary>The four source pixels of one target pixel and their weights.</summary>
internal readonly record struct CubicTap(int A, int B, int C, int D)
{
    public float WeightA { get; private init; }
    public float WeightB { get; private init; }
    public float WeightC { get; private init; }
    public float WeightD { get; private init; }

    public static CubicTap[] Row(int from, int to)
    {
        var taps = new CubicTap[to];
        for (var i = 0; i < to; i++)
        {
            var at = (i + 0.5) * from / to - 0.5;
            var b = (int)Math.Floor(at);
            var t = (float)(at - b);
            taps[i] = new CubicTap(Inside(b - 1), Inside(b), Inside(b + 1), Inside(b + 2))
            {
                WeightA = t * (-0.5f + t * (1 - 0.5f * t)),
                WeightB = 1 + t * t * (-2.5f + 1.5f * t),
                WeightC = t * (0.5f + t * (2 - 1.5f * t)),
                WeightD = t * t * (-0.5f + 0.5f * t),
            };
        }
        return taps;

        int Inside(int x) => Math.Clamp(x, 0, from - 1);
    }
}
