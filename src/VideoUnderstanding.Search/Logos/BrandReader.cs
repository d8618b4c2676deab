using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Finds brand names in lines of text. Names match as whole words in order; spaces and punctuation within a name may differ
/// ("Coca-Cola", "COCA COLA", "CocaCola").</summary>
public sealed class BrandReader
{
    private readonly Dictionary<string, string> _brands = [];
    private readonly int _longest;

    /// <param name="brands">If two brands share a spelling, the first is used.</param>
    public BrandReader(IEnumerable<Brand> brands)
    {
        foreach (var brand in brands)
            foreach (var spelling in brand.Spellings)
                if (string.Concat(PlainWords.Of(spelling)) is { Length: > 0 } written)
                {
                    _brands.TryAdd(written, brand.Name);
                    _longest = Math.Max(_longest, written.Length);
                }
    }

    /// <returns>Distinct names of the brands in the line.</returns>
    public IReadOnlyCollection<string> Find(string line)
    {
        var words = PlainWords.Of(line);
        var found = new HashSet<string>();
        for (var first = 0; first < words.Count; first++)
        {
            var written = "";
            for (var i = first; i < words.Count && written.Length + words[i].Length <= _longest; i++)
                if (_brands.TryGetValue(written += words[i], out var brand))
                    found.Add(brand);
        }
        return found;
    }
}
