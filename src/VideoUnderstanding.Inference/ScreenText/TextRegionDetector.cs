using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Finds where lines of text may stand, cheaply: text is a band of close, strong, upright edges. Looks at the picture in several sizes, since letters come in several sizes.</summary>
public static class TextRegionDetector
{
    // All in pixels of the size that is looked at; each halving of the picture finds letters of twice the height.
    private const int LeastHeight = 7;
    private const int MostHeight = 44;
    private const int SmallestSide = 48;

    /// <summary>Change of luminance over two pixels that counts as an edge.</summary>
    private const int EdgeStrength = 34;

    /// <summary>Two edges of one row this close belong to one word or line.</summary>
    private const int Reach = 12;

    /// <summary>Part of a region's box that its filled rows must cover. Lines of text are compact; twigs and outlines are not.</summary>
    private const double LeastFill = 0.35;

    /// <summary>Upright edges for each pixel of height in a row that crosses the region, for a width of ten heights; less is no writing.</summary>
    private const double LeastEdges = 6;

    /// <returns>Boxes of the regions, from the top; they may overlap a little.</returns>
    public static IReadOnlyList<TextBox> Detect(Frame frame) => Detect(GrayPicture.Of(frame));

    /// <inheritdoc cref="Detect(Frame)"/>
    public static IReadOnlyList<TextBox> Detect(GrayPicture picture)
    {
        var found = new List<TextBox>();
        var level = picture;
        for (var scale = 1; Math.Min(level.Width, level.Height) >= SmallestSide; scale *= 2, level = level.Halve())
            found.AddRange(DetectAt(level).Select(box => box.Scale(scale).Clip(picture.Width, picture.Height)));
        return [.. TextBoxes.Merge(found).OrderBy(box => box.Top).ThenBy(box => box.Left)];
    }

    private static IEnumerable<TextBox> DetectAt(GrayPicture picture)
    {
        var edges = EdgeMap.Of(picture, EdgeStrength);
        foreach (var blob in edges.Blobs(Reach))
        {
            var (box, filled) = (blob.Box, blob.Pixels);
            if (box.Height is < LeastHeight or > MostHeight || box.Width < box.Height)
                continue;
            if (filled < LeastFill * box.Area)
                continue;
            var perRow = (double)edges.Count(box) / box.Height;
            if (perRow * box.Height * 10 / box.Width < LeastEdges)
                continue;
            yield return box;
        }
    }
}
