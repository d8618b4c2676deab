namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>A line of screen text with its time range in seconds.</summary>
public sealed record ScreenTextSegment(double Start, double End, string Text);
