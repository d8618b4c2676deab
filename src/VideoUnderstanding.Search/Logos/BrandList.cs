using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>A brand and the spellings of its name.</summary>
/// <param name="Spellings">The first is <paramref name="Name"/>.</param>
public sealed record Brand(string Name, IReadOnlyList<string> Spellings)
{
    public static Brand Of(string name) => new(name, [name]);

    /// <summary>Parses a line of a brand list: spellings separated by <c>|</c>. Returns null for empty lines and for comments, which start
    /// with <c>#</c>.</summary>
    public static Brand? Read(string line)
    {
        string[] spellings = [.. line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return spellings.Length == 0 || line.TrimStart().StartsWith('#') ? null : new Brand(spellings[0], spellings);
    }
}

/// <summary>The brands that are found by name without a gallery: the built-in list, or the configured file. Read once, on first
/// use.</summary>
public sealed class BrandList(IOptions<LogoSearchOptions> options)
{
    private const string BuiltIn = "VideoUnderstanding.Search.Logos.brands.txt";

    private readonly Lazy<IReadOnlyList<Brand>> _all = new(() => Parse(Lines(options.Value.BrandWordsFile)));

    public IReadOnlyList<Brand> All => _all.Value;

    /// <summary>Returns the brands of a gallery followed by those of the list. A brand in both appears once.</summary>
    public IReadOnlyList<Brand> With(IEnumerable<string> gallery)
    {
        var own = gallery.Select(Brand.Of).ToList();
        var names = own.Select(brand => Key(brand.Name)).ToHashSet();
        // A gallery brand keeps the spellings of the list.
        return
        [
            .. own.Select(brand => All.FirstOrDefault(known => Key(known.Name) == Key(brand.Name)) is { } known
                ? brand with { Spellings = [brand.Name, .. known.Spellings] }
                : brand),
            .. All.Where(brand => !names.Contains(Key(brand.Name))),
        ];
    }

    internal static IReadOnlyList<Brand> Parse(IEnumerable<string> lines)
        => [.. lines.Select(Brand.Read).OfType<Brand>().DistinctBy(brand => Key(brand.Name))];

    private static string Key(string name) => string.Concat(PlainWords.Of(name));

    private static IEnumerable<string> Lines(string? file)
    {
        if (file is not null)
            return File.ReadLines(file);
        using var reader = new StreamReader(typeof(BrandList).Assembly.GetManifestResourceStream(BuiltIn)!);
        return reader.ReadToEnd().Split('\n');
    }
}
