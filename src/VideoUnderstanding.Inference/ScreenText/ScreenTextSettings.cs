using System.Text.Json;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Settings for recognising text in pictures. The manifest may set each.</summary>
public sealed record ScreenTextSettings
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Tesseract's names of languages, joined by +.</summary>
    public string Languages { get; init; } = "eng";

    /// <summary>Maximum concurrent engines, limited to the number of cores. Each takes about 50 MB.</summary>
    public int Engines { get; init; } = 4;

    /// <summary>Folder of the .traineddata files; null: TESSDATA_PREFIX or Debian's folders.</summary>
    public string? Tessdata { get; init; }

    /// <summary>Least confidence of a line, 0 to 100.</summary>
    public double MinConfidence { get; init; } = 60;

    /// <exception cref="ModelUnavailableException">A setting has the wrong type.</exception>
    public static ScreenTextSettings Parse(JsonElement settings)
    {
        try
        {
            return settings.Deserialize<ScreenTextSettings>(Json)!;
        }
        catch (JsonException error)
        {
            throw new ModelUnavailableException($"The manifest's settings of screen text are wrong: {error.Message}");
        }
    }
}

/// <summary>Locates Tesseract's language data.</summary>
internal static class Tessdata
{
    /// <summary>The searched folders in order: the setting, TESSDATA_PREFIX (with or without its last part), Debian's.</summary>
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

    /// <summary>The first folder with all languages; null if there is none.</summary>
    public static string? Find(ScreenTextSettings settings) => Folders(settings)
        .FirstOrDefault(folder => settings.Languages.Split('+')
            .All(language => File.Exists(Path.Combine(folder, language + ".traineddata"))));
}
