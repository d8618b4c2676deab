namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>A line of text that stood on screen for a while. Seconds.</summary>
public sealed record ScreenTextSegment(double Start, double End, string Text);
