using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Text in pictures, by Tesseract in this process, from a pool of engines.</summary>
public sealed class ScreenTextReader
{
    /// <exception cref="ModelUnavailableException">The library or its language data is missing.</exception>
    public static ScreenTextReader Load(ManifestRole screenText) => throw new NotImplementedException();

    /// <summary>Null when <see cref="Load"/> would work; else a sentence that says what is missing.</summary>
    public static string? WhyUnavailable(ManifestRole screenText) => throw new NotImplementedException();

    /// <summary>Lines of text in reading order; empty when there is none.</summary>
    public Task<IReadOnlyList<TextLine>> ReadAsync(Frame frame, CancellationToken cancellationToken) => throw new NotImplementedException();
}
