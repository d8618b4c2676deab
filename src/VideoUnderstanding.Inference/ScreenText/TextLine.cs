namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>A line of text in one picture.</summary>
/// <param name="Box">Its place, in pixels of the picture.</param>
/// <param name="Confidence">0 to 100, as the recogniser reports it.</param>
public sealed record TextLine(string Text, TextBox Box, double Confidence);

/// <summary>A rectangle in pixels; right and bottom are exclusive.</summary>
public readonly record struct TextBox(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;
    public int Height => Bottom - Top;
    public long Area => (long)Width * Height;

    /// <summary>The smallest box around both.</summary>
    public TextBox Union(TextBox other) =>
        new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    /// <summary>The part inside the other; an empty box at the other's nearest edge if they do not overlap.</summary>
    public TextBox Clip(TextBox other) => Move(-other.Left, -other.Top).Clip(other.Width, other.Height).Move(other.Left, other.Top);

    /// <summary>Number of common pixels.</summary>
    public long Overlap(TextBox other) =>
        (long)Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left)) * Math.Max(0, VerticalOverlap(other));

    /// <summary>Number of common rows; negative: rows between them.</summary>
    public int VerticalOverlap(TextBox other) => Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);

    /// <summary>Columns between them; negative if they overlap.</summary>
    public int Gap(TextBox other) => Math.Max(Left, other.Left) - Math.Min(Right, other.Right);

    public TextBox Grow(int x, int y) => new(Left - x, Top - y, Right + x, Bottom + y);

    /// <summary>The part inside a picture.</summary>
    public TextBox Clip(int width, int height) =>
        new(Math.Clamp(Left, 0, width), Math.Clamp(Top, 0, height), Math.Clamp(Right, 0, width), Math.Clamp(Bottom, 0, height));

    public TextBox Scale(double factor) =>
        new((int)Math.Floor(Left * factor), (int)Math.Floor(Top * factor), (int)Math.Ceiling(Right * factor),
            (int)Math.Ceiling(Bottom * factor));

    public TextBox Move(int x, int y) => new(Left + x, Top + y, Right + x, Bottom + y);
}
