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

    /// <summary>Draws one line of smooth white letters, centred from left to right.</summary>
    /// <param name="text">Capital letters, digits and spaces.</param>
    /// <param name="top">Upper edge of the letters in pixels.</param>
    /// <param name="cell">Pixels between two points of the letters' grid; a letter is seven high.</param>
    public void Write(string text, int top, double cell)
    {
        var left = (Width - (text.Length * (PixelFont.Columns + 1) - 1) * cell) / 2;
        for (var i = 0; i < text.Length; i++)
            foreach (var (from, to) in PixelFont.Strokes(text[i]))
            {
                var offset = left + (i * (PixelFont.Columns + 1) + 0.5) * cell;
                Stroke(offset + from.Column * cell, top + (from.Row + 0.5) * cell, offset + to.Column * cell, top + (to.Row + 0.5) * cell, StrokeRadius * cell);
            }
    }

    /// <summary>Portable pixmap: a short header, then the bytes.</summary>
    public void Save(string path) => File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes($"P6\n{Width} {Height}\n255\n"), .. _rgb]);

    /// <summary>A line with round ends. Its edge fades over one pixel.</summary>
    private void Stroke(double fromX, double fromY, double toX, double toY, double radius)
    {
        for (var y = (int)(Math.Min(fromY, toY) - radius - 1); y <= Math.Max(fromY, toY) + radius + 1; y++)
            for (var x = (int)(Math.Min(fromX, toX) - radius - 1); x <= Math.Max(fromX, toX) + radius + 1; x++)
            {
                if (x < 0 || y < 0 || x >= Width || y >= Height)
                    continue;
                var cover = Math.Clamp(radius + 0.5 - Distance(x + 0.5, y + 0.5, fromX, fromY, toX, toY), 0, 1);
                for (var i = (y * Width + x) * 3; i < (y * Width + x) * 3 + 3; i++)
                    _rgb[i] = Math.Max(_rgb[i], (byte)(_rgb[i] + (255 - _rgb[i]) * cover));
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
