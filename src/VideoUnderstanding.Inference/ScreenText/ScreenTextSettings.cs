using System.Text.Json;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>How text in pictures is read. The manifest may set each.</summary>
public sealed record ScreenTextSettings
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Tesseract's names of languages, joined by +.</summary>
    public string Languages { get; init; } = "eng";

    /// <summary>Engines that read at a time; never more than there are cores. Each takes about 50 MB.</summary>
    public int Engines { get; init; } = 4;

    /// <summary>Folder of the .traineddata files; null: where TESSDATA_PREFIX says or where Debian puts them.</summary>
    public string? Tessdata { get; init; }

    /// <summary>Words read with less confidence than this are left out. 0 to 100.</summary>
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
