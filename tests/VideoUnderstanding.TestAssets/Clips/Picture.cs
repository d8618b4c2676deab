using System.Text;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>An RGB picture of one colour, on which text can be drawn.</summary>
public sealed class Picture
{
    private const double StrokeRadius = 0.55;
    private readonly byte[] _rgb;

    public Picture(int width, int height, TinyColour colour)
    {
        (Width, Height) = (width, height);
        _rgb = new byte[width * height * 3];
        for (var i = 0; i < _rgb.Length; i += 3)
            (_rgb[i], _rgb[i + 1], _rgb[i + 2]) = (colour.Red, colour.Green, colour.Blue);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Draws one line of smooth white letters, centred horizontally.</summary>
    /// <param name="text">Capital letters, digits and spaces.</param>
    /// <param name="top">Upper edge of the letters in pixels.</param>
    /// <param name="cell">Pixels between two points of the grid; a letter is seven points high.</param>
    public void Write(string text, int top, double cell)
    {
        var ink = new double[Width * Height];
        var left = (Width - (text.Length * (PixelFont.Columns + 1) - 1) * cell) / 2;
        for (var i = 0; i < text.Length; i++)
            foreach (var (from, to) in PixelFont.Strokes(text[i]))
            {
                var offset = left + (i * (PixelFont.Columns + 1) + 0.5) * cell;
                Stroke(ink, offset + from.Column * cell, top + (from.Row + 0.5) * cell, offset + to.Column * cell,
                    top + (to.Row + 0.5) * cell, StrokeRadius * cell);
            }
        for (var i = 0; i < _rgb.Length; i++)
            _rgb[i] += (byte)((255 - _rgb[i]) * ink[i / 3]);
    }

    /// <summary>Fills a rectangle with one colour.</summary>
    public Picture Fill(int left, int top, int width, int height, TinyColour colour)
    {
        for (var y = top; y < top + height; y++)
            for (var x = left; x < left + width; x++)
                (_rgb[(y * Width + x) * 3], _rgb[(y * Width + x) * 3 + 1], _rgb[(y * Width + x) * 3 + 2]) = (colour.Red, colour.Green,
                    colour.Blue);
        return this;
    }

    /// <summary>Writes a Windows bitmap: two headers, then the rows from bottom to top in the order blue, green, red. Each row is padded to
    /// a multiple of four bytes.</summary>
    public void SaveBitmap(string path)
    {
        using var file = new BinaryWriter(File.Create(path));
        var row = (Width * 3 + 3) / 4 * 4;
        file.Write("BM"u8);
        foreach (var number in new[] { 54 + row * Height, 0, 54, 40, Width, Height, 1 | 24 << 16, 0, row * Height, 2835, 2835, 0, 0 })
            file.Write(number);
        for (var y = Height - 1; y >= 0; y--)
        {
            for (var x = 0; x < Width; x++)
                file.Write([_rgb[(y * Width + x) * 3 + 2], _rgb[(y * Width + x) * 3 + 1], _rgb[(y * Width + x) * 3]]);
            file.Write(new byte[row - Width * 3]);
        }
    }

    /// <summary>Writes a portable pixmap: a short header, then the bytes.</summary>
    public void Save(string path) => File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes($"P6\n{Width} {Height}\n255\n"), .. _rgb]);

    /// <summary>Draws a line with round ends. <paramref name="ink"/> holds the covered share of each pixel; where lines meet, the larger
    /// share counts, so that joints do not become thicker.</summary>
    private void Stroke(double[] ink, double fromX, double fromY, double toX, double toY, double radius)
    {
        for (var y = (int)(Math.Min(fromY, toY) - radius - 1); y <= Math.Max(fromY, toY) + radius + 1; y++)
            for (var x = (int)(Math.Min(fromX, toX) - radius - 1); x <= Math.Max(fromX, toX) + radius + 1; x++)
            {
                if (x < 0 || y < 0 || x >= Width || y >= Height)
                    continue;
                var cover = Math.Clamp(radius + 0.5 - Distance(x + 0.5, y + 0.5, fromX, fromY, toX, toY), 0, 1);
                ink[y * Width + x] = Math.Max(ink[y * Width + x], cover);
            }
    }

    private static double Distance(double x, double y, double fromX, double fromY, double toX, double toY)
    {
        var (alongX, alongY) = (toX - fromX, toY - fromY);
        var length = alongX * alongX + alongY * alongY;
        var share = length == 0 ? 0 : Math.Clamp(((x - fromX) * alongX + (y - fromY) * alongY) / length, 0, 1);
        return Math.Sqrt(Math.Pow(x - fromX - share * alongX, 2) + Math.Pow(y - fromY - share * alongY, 2));
    }
}
