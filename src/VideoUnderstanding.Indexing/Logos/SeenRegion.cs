namespace VideoUnderstanding.Indexing.Logos;

/// <summary>A part of the pictures that looked the same from <paramref name="Start"/> to <see cref="End"/>. Seconds; edges are shares of
/// the picture, 0 to 1.</summary>
internal sealed record SeenRegion(double Start, double Left, double Top, double Width, double Height, Half[] Vector)
{
    public double End { get; set; } = Start;
}
