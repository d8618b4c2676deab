using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Reads the pictures of one video in order. A region that looks as it did when it was last read keeps its lines; only the others
/// are read.</summary>
/// <remarks>For one caller at a time. Holds the regions of the last picture, nothing older.</remarks>
public sealed class ScreenTextTracker(ScreenTextReader reader)
{
    private IReadOnlyList<KnownRegion> _known = [];

    /// <summary>Regions that were read so far; the others were known.</summary>
    public int RegionsRead { get; private set; }

    /// <returns>The lines that stand in this picture, in reading order.</returns>
    public async Task<IReadOnlyList<TextLine>> NextAsync(Frame frame, CancellationToken cancellationToken)
    {
        var picture = GrayPicture.Of(frame);
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
