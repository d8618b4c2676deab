using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>The brands whose names are known without a gallery: the built-in list, or the file that the settings name. Read once.</summary>
public sealed class BrandList(IOptions<LogoSearchOptions> options)
{
    private const string BuiltIn = "VideoUnderstanding.Search.Logos.brands.txt";

    private readonly Lazy<IReadOnlyList<Brand>> _all = new(() => Parse(Lines(options.Value.BrandWordsFile)));

    public IReadOnlyList<Brand> All => _all.Value;

    /// <summary>These brands with those of a gallery, which come first; a name that is in both is there once.</summary>
    public IReadOnlyList<Brand> With(IEnumerable<string> gallery)
    {
        var own = gallery.Select(Brand.Of).ToList();
        var names = own.Select(brand => Key(brand.Name)).ToHashSet();
        // A spelling of the list still counts for the brand of the gallery.
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
