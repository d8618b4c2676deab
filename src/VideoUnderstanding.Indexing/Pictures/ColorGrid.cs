using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>The mean colours of 32x18 tiles of a frame: sensitive to small objects, robust against noise and compression.</summary>
public sealed class ColorGrid
{
    public const int Columns = 32;
    public const int Rows = 18;

    private readonly float[] _means;

    private ColorGrid(float[] means) => _means = means;

    public static ColorGrid Of(Frame frame) => new(TileMeans.Of(frame, Columns, Rows));

    /// <summary>Returns the largest difference of a channel's mean in any tile, 0 to 255.</summary>
    public double DifferenceTo(ColorGrid other)
    {
        var largest = 0f;
        for (var i = 0; i < _means.Length; i++)
            largest = Math.Max(largest, Math.Abs(_means[i] - other._means[i]));
        return largest;
    }
}
