namespace VideoUnderstanding.Search.Confidence;

/// <summary>The captions of common subjects in generic-captions.txt.</summary>
public static class GenericCaptions
{
    public static IReadOnlyList<string> All { get; } = Read();

    private static IReadOnlyList<string> Read()
    {
        using var reader = new StreamReader(typeof(GenericCaptions).Assembly.GetManifestResourceStream("generic-captions.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')];
    }
}
