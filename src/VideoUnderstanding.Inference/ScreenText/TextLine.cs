namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>A line of text seen in one picture.</summary>
/// <param name="Box">Where it stands, in pixels of the picture that was read.</param>
/// <param name="Confidence">0 to 100, as the recogniser reports it.</param>
public sealed record TextLine(string Text, TextBox Box, double Confidence);

/// <summary>A rectangle in pixels; right and bottom are exclusive.</summary>
public readonly record struct TextBox(int Left, int Top, int Right, int Bottom);
