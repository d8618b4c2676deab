namespace VideoUnderstanding.Indexing.Logos;

/// <summary>A frame region that did not change from <paramref name="Start"/> to <see cref="End"/>. Times are seconds; edges are shares of
/// the frame, 0 to 1.</summary>
internal sealed record TrackedRegion(double Start, double Left, double Top, double Width, double Height, Half[] Vector)
{
    public double End { get; set; } = Start;
}
