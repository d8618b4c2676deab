using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Finds candidate regions of text: bands of close, strong, vertical edges. Searches several scales, because letters have several
/// sizes.</summary>
public static class TextRegionDetector
{
    // Pixels of the current scale; each halving of the picture finds letters of twice the height.
    private const int MinHeight = 7;
    private const int MaxHeight = 44;
    private const int MinSide = 48;

    /// <summary>Pictures with fewer rows are also searched at double size: their letters may be smaller than the minimum height.</summary>
    private const int SmallPicture = 300;

    /// <summary>Maximum height of a region as a share of the picture's; higher regions are not text.</summary>
    private const double MaxPictureShare = 0.4;

    /// <summary>Luminance differences over two pixels that count as an edge. Low values find faint letters; high values find letters on a
    /// detailed background, whose edges would merge with theirs.</summary>
    private static readonly int[] EdgeStrengths = [34, 68, 100, 140];

    /// <summary>Maximum distance of two edges of one word or line in a row.</summary>
    private const int Reach = 12;

    /// <summary>Minimum share of a region's box that its filled rows cover. Lines of text are compact; outlines are not.</summary>
    private const double MinFill = 0.5;

    /// <summary>Minimum vertical edges per row, for a width of ten heights.</summary>
    private const double MinEdges = 6;

    /// <returns>Boxes of the regions, from the top. They may overlap if letters of several sizes are possible.</returns>
    public static IReadOnlyList<TextBox> Detect(Frame frame) => Detect(GrayPicture.FromFrame(frame));

    /// <inheritdoc cref="Detect(Frame)"/>
    public static IReadOnlyList<TextBox> Detect(GrayPicture picture)
    {
        var found = new List<FoundRegion>();
        var (level, scale) = picture.Height < SmallPicture ? (picture.Resize(picture.Width * 2, picture.Height * 2), 0.5) : (picture, 1.0);
        for (; Math.Min(level.Width, level.Height) >= MinSide; scale *= 2, level = level.Halve())
        {
            foreach (var strength in EdgeStrengths)
            {
                found.AddRange(DetectAt(level, strength)
                    .Select(
                        box => new FoundRegion(box.Scale(scale).Grow((int)scale, (int)scale).Clip(picture.Width, picture.Height), scale,
                            strength))
                    .Where(region => region.Box.Height <= MaxPictureShare * picture.Height));
            }
        }
        return [.. TextBoxes.Choose(found).OrderBy(box => box.Top).ThenBy(box => box.Left)];
    }

    private static IEnumerable<TextBox> DetectAt(GrayPicture picture, int strength)
    {
        var edges = EdgeMap.Detect(picture, strength);
        return edges.Blobs(Reach)
            .Where(blob => blob.Box.Height is >= MinHeight and <= MaxHeight && blob.Box.Width * 2 >= blob.Box.Height * 3
                && blob.Pixels >= MinFill * blob.Box.Area)
            .Select(blob => blob.Box)
            .Where(box => edges.Count(box) * 10.0 / box.Width >= MinEdges);
    }
}

/// <summary>A region that may contain text.</summary>
/// <param name="Scale">Source pixels per pixel of the scale at which it was found.</param>
/// <param name="Strength">Edge strength at which it was found.</param>
internal readonly record struct FoundRegion(TextBox Box, double Scale, int Strength);
