using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Text in pictures, by Tesseract in this process, from a pool of engines.</summary>
public sealed class ScreenTextReader : IDisposable
{
    // Rows from which on a part that gives no text may be two lines of large letters that touch.
    private const int TallPart = 40;

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
        _pool.UseAsync<IReadOnlyList<TextLine>>(
            engine => [.. LineSplitter.Split(picture, region, LineSplitter.Thin).SelectMany(part => ReadPart(engine, picture, part))], cancellationToken);

    private IReadOnlyList<TextLine> ReadPart(TesseractEngine engine, GrayPicture picture, TextBox part)
    {
        var lines = ReadLine(engine, picture, part);
        if (lines.Count > 0 || part.Height < TallPart)
            return lines;
        var rows = LineSplitter.Split(picture, part, LineSplitter.Touching);
        return rows.Count < 2 ? [] : [.. rows.SelectMany(row => ReadLine(engine, picture, row))];
    }

    private IReadOnlyList<TextLine> ReadLine(TesseractEngine engine, GrayPicture picture, TextBox box)
    {
        var letters = LetterPicture.Of(picture, box);
        // A block, not a line: where the splitter has missed a border, both lines are read all the same.
        return [.. TextLines.From(engine.Read(letters.Picture, PageSegmentation.Block), _settings.MinConfidence)
            .Select(line => line with { Box = letters.Back(line.Box).Clip(picture.Width, picture.Height) })];
    }

    public void Dispose() => _pool.Dispose();
}
