using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Finds where lines of text may stand, cheaply: text is a band of close, strong, upright edges. Looks at the picture in several
/// sizes, since letters come in several sizes.</summary>
public static class TextRegionDetector
{
    // All in pixels of the size that is looked at; each halving of the picture finds letters of twice the height.
    private const int LeastHeight = 7;
    private const int MostHeight = 44;
    private const int SmallestSide = 48;

    /// <summary>Pictures with fewer rows are looked at in double size too: their letters may be smaller than the least height.</summary>
    private const int SmallPicture = 300;

    /// <summary>Part of the picture's height that a region may have; what is higher is scenery.</summary>
    private const double MostOfPicture = 0.4;

    /// <summary>Changes of luminance over two pixels that count as an edge. The weak ones find faint letters; the strong ones find letters
    /// on a lively ground, whose own edges would run together with theirs.</summary>
    private static readonly int[] EdgeStrengths = [34, 68, 100, 140];

    /// <summary>Two edges of one row this close belong to one word or line.</summary>
    private const int Reach = 12;

    /// <summary>Part of a region's box that its filled rows must cover. Lines of text are compact; twigs and outlines are not.</summary>
    private const double LeastFill = 0.5;

    /// <summary>Upright edges in a row that crosses the region, for a width of ten heights; less is no writing.</summary>
    private const double LeastEdges = 6;

    /// <returns>Boxes of the regions, from the top. Where letters of several sizes are possible they may overlap.</returns>
    public static IReadOnlyList<TextBox> Detect(Frame frame) => Detect(GrayPicture.Of(frame));

    /// <inheritdoc cref="Detect(Frame)"/>
    public static IReadOnlyList<TextBox> Detect(GrayPicture picture)
    {
        var found = new List<FoundRegion>();
        var (level, scale) = picture.Height < SmallPicture ? (picture.Resize(picture.Width * 2, picture.Height * 2), 0.5) : (picture, 1.0);
        for (; Math.Min(level.Width, level.Height) >= SmallestSide; scale *= 2, level = level.Halve())
        {
            foreach (var strength in EdgeStrengths)
            {
                found.AddRange(DetectAt(level, strength)
                    .Select(
                        box => new FoundRegion(box.Scale(scale).Grow((int)scale, (int)scale).Clip(picture.Width, picture.Height), scale,
                            strength))
                    .Where(region => region.Box.Height <= MostOfPicture * picture.Height));
            }
        }
        return [.. TextBoxes.Choose(found).OrderBy(box => box.Top).ThenBy(box => box.Left)];
    }

    private static IEnumerable<TextBox> DetectAt(GrayPicture picture, int strength)
    {
        var edges = EdgeMap.Of(picture, strength);
        return edges.Blobs(Reach)
            .Where(blob => blob.Box.Height is >= LeastHeight and <= MostHeight && blob.Box.Width * 2 >= blob.Box.Height * 3
                && blob.Pixels >= LeastFill * blob.Box.Area)
            .Select(blob => blob.Box)
            .Where(box => edges.Count(box) * 10.0 / box.Width >= LeastEdges);
    }
}

/// <summary>A region that may hold text.</summary>
/// <param name="Scale">Pixels of the picture for one of the size in which it was found.</param>
/// <param name="Strength">Strength of the edges that it was found by.</param>
internal readonly record struct FoundRegion(TextBox Box, double Scale, int Strength);
