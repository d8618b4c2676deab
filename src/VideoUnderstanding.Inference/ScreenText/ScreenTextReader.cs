using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Text in pictures, by Tesseract in this process, from a pool of engines.</summary>
public sealed class ScreenTextReader : IDisposable
{
    private readonly ScreenTextSettings _settings;
    private readonly TesseractPool _pool;

    private ScreenTextReader(ScreenTextSettings settings, string dataFolder)
    {
        _settings = settings;
        _pool = new TesseractPool(dataFolder, settings.Languages, Math.Clamp(settings.Engines, 1, Environment.ProcessorCount));
    }

    /// <exception cref="ModelUnavailableException">The library or its language data is missing.</exception>
    public static ScreenTextReader Load(ManifestRole screenText) =>
        WhyUnavailable(screenText) is { } reason ? throw new ModelUnavailableException(reason)
            : new ScreenTextReader(ScreenTextSettings.Parse(screenText.Settings), Tessdata.Find(ScreenTextSettings.Parse(screenText.Settings))!);

    /// <summary>Null when text can be read; else what is missing and the command that fixes it.</summary>
    public static string? WhyUnavailable(ManifestRole screenText)
    {
        if (!TesseractLibrary.IsThere)
            return "The library libtesseract is not on this machine. Install it: apt-get install libtesseract5 tesseract-ocr-eng";
        var settings = ScreenTextSettings.Parse(screenText.Settings);
        return Tessdata.Find(settings) is null
            ? $"Tesseract's language data ({settings.Languages}) was not found in {string.Join(", ", Tessdata.Folders(settings))}. "
                + $"Install it: apt-get install {string.Join(' ', settings.Languages.Split('+').Select(language => "tesseract-ocr-" + language.Replace('_', '-')))}"
            : null;
    }

    /// <summary>Lines of text in reading order; empty when there is none.</summary>
    public Task<IReadOnlyList<TextLine>> ReadAsync(Frame frame, CancellationToken cancellationToken)
    {
        var picture = GrayPicture.Of(frame);
        return ReadAsync(picture, TextRegionDetector.Detect(picture), cancellationToken);
    }

    /// <summary>Lines of text in reading order inside the given boxes of the picture.</summary>
    public Task<IReadOnlyList<TextLine>> ReadAsync(Frame frame, IReadOnlyList<TextBox> regions, CancellationToken cancellationToken) =>
        ReadAsync(GrayPicture.Of(frame), regions, cancellationToken);

    /// <inheritdoc cref="ReadAsync(Frame, IReadOnlyList{TextBox}, CancellationToken)"/>
    public async Task<IReadOnlyList<TextLine>> ReadAsync(GrayPicture picture, IReadOnlyList<TextBox> regions, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(regions.Select(region => ReadRegionAsync(picture, region, cancellationToken)));
        return TextLines.InReadingOrder(found.SelectMany(lines => lines));
    }

    private Task<IReadOnlyList<TextLine>> ReadRegionAsync(GrayPicture picture, TextBox region, CancellationToken cancellationToken) =>
        _pool.UseAsync<IReadOnlyList<TextLine>>(engine =>
        {
            var letters = LetterPicture.Of(picture, region, 1);
            var words = engine.Read(letters.Picture, PageSegmentation.Block);
            return [.. TextLines.From(words, _settings.MinConfidence).Select(line => line with { Box = letters.Back(line.Box).Clip(picture.Width, picture.Height) })];
        }, cancellationToken);

    public void Dispose() => _pool.Dispose();
}
