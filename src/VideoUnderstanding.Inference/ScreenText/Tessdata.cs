namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Where Tesseract's language data lies.</summary>
internal static class Tessdata
{
    /// <summary>Folders that are looked at, in this order: the setting, TESSDATA_PREFIX (with or without its last part),
    /// Debian's.</summary>
    public static IReadOnlyList<string> Folders(ScreenTextSettings settings)
    {
        if (!string.IsNullOrEmpty(settings.Tessdata))
            return [settings.Tessdata];
        string[] usual = ["/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata",
            "/usr/local/share/tessdata"];
        return Environment.GetEnvironmentVariable("TESSDATA_PREFIX") is { Length: > 0 } prefix
            ? [prefix, Path.Combine(prefix, "tessdata"), .. usual]
            : usual;
    }

    /// <summary>The first folder that has all languages; null when none has.</summary>
    public static string? Find(ScreenTextSettings settings) => Folders(settings)
        .FirstOrDefault(folder => settings.Languages.Split('+')
            .All(language => File.Exists(Path.Combine(folder, language + ".traineddata"))));
}
