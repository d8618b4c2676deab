using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Reads the pictures of one video in order. An unchanged region keeps its lines; only changed regions are read.</summary>
/// <remarks>Not thread-safe. Keeps only the regions of the last picture.</remarks>
public sealed class ScreenTextTracker(ScreenTextReader reader)
{
    private IReadOnlyList<KnownRegion> _known = [];

    /// <summary>Number of regions read so far, without unchanged ones.</summary>
    public int RegionsRead { get; private set; }

    /// <returns>The lines of this picture, in reading order.</returns>
    public async Task<IReadOnlyList<TextLine>> NextAsync(Frame frame, CancellationToken cancellationToken)
    {
        var picture = GrayPicture.FromFrame(frame);
        _known = await Task.WhenAll(TextRegionDetector.Detect(picture).Select(region => KnowAsync(picture, region, cancellationToken)));
        return TextLines.InReadingOrder(_known.SelectMany(region => region.Lines));
    }

    private async Task<KnownRegion> KnowAsync(GrayPicture picture, TextBox region, CancellationToken cancellationToken)
    {
        if (_known.FirstOrDefault(known => TextChange.IsSame(known.Box, region)
            && !TextChange.HasChanged(known.Seen, picture.Crop(known.Box))) is { } same)
            return same;
        RegionsRead++;
        return new KnownRegion(region, picture.Crop(region), await reader.ReadRegionAsync(picture, region, cancellationToken));
    }

    /// <param name="Seen">The region when it was read. Later pictures are compared with this one, so that slow changes add up.</param>
    private sealed record KnownRegion(TextBox Box, GrayPicture Seen, IReadOnlyList<TextLine> Lines);
}

/// <summary>Detects whether a region shows the same text as before.</summary>
public static class TextChange
{
    /// <summary>Difference of luminance above which a pixel has changed; compression alone rarely causes it.</summary>
    private const int PixelChange = 40;

    /// <summary>Share of changed pixels above which a region has changed. One digit of a line of thirty characters is about one
    /// percent.</summary>
    private const double RegionChange = 0.005;

    /// <summary>Minimum intersection over union of two boxes of one region: detection varies by a pixel or two.</summary>
    private const double SameBox = 0.75;

    public static bool IsSame(TextBox a, TextBox b)
    {
        var both = a.Overlap(b);
        return both > SameBox * (a.Area + b.Area - both);
    }

    /// <summary>Compares two pictures of one region.</summary>
    public static bool HasChanged(GrayPicture before, GrayPicture now)
    {
        if (before.Width != now.Width || before.Height != now.Height)
            return true;
        var changed = 0;
        for (var i = 0; i < before.Pixels.Length; i++)
            changed += Math.Abs(before.Pixels[i] - now.Pixels[i]) > PixelChange ? 1 : 0;
        return changed > RegionChange * before.Pixels.Length;
    }
}
