using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Recognises text in pictures by Tesseract in this process, with a pool of engines.</summary>
public sealed class ScreenTextReader : IDisposable
{
    // Rows. A higher region without text may be two touching lines of large letters.
    private const int MinTallHeight = 40;

    // Rows that are included above and below if the next line is near.
    private const int RowsBetweenLines = 1;

    // A line with at least this confidence is not read again.
    private const double HighConfidence = 85;

    // Minimum letters of a word that is accepted as text.
    private const int MinWordLength = 4;

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
            : new ScreenTextReader(ScreenTextSettings.Parse(screenText.Settings),
                Tessdata.Find(ScreenTextSettings.Parse(screenText.Settings))!);

    /// <summary>Null if text can be read; otherwise a sentence with the cause and the remedy.</summary>
    public static string? WhyUnavailable(ManifestRole screenText)
    {
        if (!TesseractLibrary.IsThere)
            return "The library libtesseract is not on this machine. Install it: apt-get install libtesseract5 tesseract-ocr-eng";
        var settings = ScreenTextSettings.Parse(screenText.Settings);
        return Tessdata.Find(settings) is null
            ? $"Tesseract's language data ({settings.Languages}) was not found in {string.Join(", ", Tessdata.Folders(settings))}. "
                + $"Install it: apt-get install "
                + $"{string.Join(' ', settings.Languages.Split('+').Select(language => "tesseract-ocr-" + language.Replace('_', '-')))}"
            : null;
    }

    /// <summary>Lines of text in reading order; empty if there is none.</summary>
    public Task<IReadOnlyList<TextLine>> ReadAsync(Frame frame, CancellationToken cancellationToken)
    {
        var picture = GrayPicture.FromFrame(frame);
        return ReadAsync(picture, TextRegionDetector.Detect(picture), cancellationToken);
    }

    /// <summary>Lines of text in reading order inside the given boxes of the picture.</summary>
    public Task<IReadOnlyList<TextLine>> ReadAsync(Frame frame, IReadOnlyList<TextBox> regions, CancellationToken cancellationToken) =>
        ReadAsync(GrayPicture.FromFrame(frame), regions, cancellationToken);

    /// <inheritdoc cref="ReadAsync(Frame, IReadOnlyList{TextBox}, CancellationToken)"/>
    public async Task<IReadOnlyList<TextLine>> ReadAsync(
        GrayPicture picture, IReadOnlyList<TextBox> regions, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(regions.Select(region => ReadRegionAsync(picture, region, cancellationToken)));
        return TextLines.InReadingOrder(found.SelectMany(lines => lines));
    }

    /// <summary>The lines of one region, unordered.</summary>
    internal Task<IReadOnlyList<TextLine>> ReadRegionAsync(GrayPicture picture, TextBox region, CancellationToken cancellationToken) =>
        _pool.UseAsync<IReadOnlyList<TextLine>>(engine => ReadRegion(engine, picture, region), cancellationToken);

    private IReadOnlyList<TextLine> ReadRegion(TesseractEngine engine, GrayPicture picture, TextBox region)
    {
        var parts = LineSplitter.Split(picture, region, LineSplitter.SeparatorShare);
        if (parts.Count > 1)
            return [.. parts.SelectMany(part => ReadLine(engine, picture, part, RowsBetweenLines))];
        var lines = ReadLine(engine, picture, region, Math.Max(3, region.Height / 6));
        if (lines.Count > 0 || region.Height < MinTallHeight)
            return lines;
        var rows = LineSplitter.Split(picture, region, LineSplitter.TouchingSeparatorShare);
        return rows.Count < 2 ? [] : [.. rows.SelectMany(row => new[] { Background.Even, Background.Detailed }
            .Select(background => ReadLetters(engine, picture, row, RowsBetweenLines, background).Lines).MaxBy(Rating)!)];
    }

    private IReadOnlyList<TextLine> ReadLine(TesseractEngine engine, GrayPicture picture, TextBox box, int above)
    {
        var (first, isPromising) = ReadLetters(engine, picture, box, above, Background.Even);
        var readings = new List<IReadOnlyList<TextLine>> { first };
        if (first.Count == 0 && !isPromising || IsConfident(first))
            return first;
        // Surrounding pixels may have been read as part of the letters, so other crops and backgrounds are tried.
        (int, Background)[] attempts = [(above, Background.Uneven), (RowsBetweenLines, Background.Even), (above, Background.Detailed)];
        foreach (var (rows, background) in attempts)
        {
            readings.Add(ReadLetters(engine, picture, box, rows, background).Lines);
            if (IsConfident(readings[^1]))
                break;
        }
        return readings.MaxBy(Rating)!;
    }

    private static bool IsConfident(IReadOnlyList<TextLine> lines)
        => lines.Count > 0 && lines.All(line => line.Confidence >= HighConfidence);

    /// <summary>Rates a reading by its letters and their confidence.</summary>
    private static double Rating(IReadOnlyList<TextLine> lines) => lines.Sum(line => line.Confidence * line.Text.Length);

    /// <returns>The lines, and whether the words look like text at all.</returns>
    private (IReadOnlyList<TextLine> Lines, bool IsPromising) ReadLetters(
        TesseractEngine engine, GrayPicture picture, TextBox box, int above, Background background)
    {
        var letters = LetterPicture.Prepare(picture, box, above, background);
        // Block mode, not line mode: if the splitter missed a border, both lines are still read.
        var words = engine.Read(letters.Picture, PageSegmentation.Block);
        var lines = TextLines.From(words, _settings.MinConfidence)
            .Select(line => line with
            {
                Box = letters.Back(line.Box).Clip(box.Grow(box.Height / 4, above)).Clip(picture.Width, picture.Height),
            });
        return ([.. lines], words.Any(word => word.Text.Count(char.IsLetterOrDigit) >= MinWordLength));
    }

    public void Dispose() => _pool.Dispose();
}
