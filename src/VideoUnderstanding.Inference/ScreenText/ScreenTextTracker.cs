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
