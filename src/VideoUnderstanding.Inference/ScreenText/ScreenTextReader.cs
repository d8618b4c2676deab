using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Text in pictures, by Tesseract in this process, from a pool of engines.</summary>
public sealed class ScreenTextReader
{
    /// <summary>Lines of text in reading order; empty when there is none.</summary>
    public Task<IReadOnlyList<TextLine>> ReadAsync(Frame frame, CancellationToken cancellationToken) => throw new NotImplementedException();
}
