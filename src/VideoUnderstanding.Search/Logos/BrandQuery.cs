using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Which brands a text asks for: those that it names, those whose name has its words, and, with wrong letters, those that it nearly names.</summary>
public static class BrandQuery
{
    /// <summary>Words around a name that say only what is looked for.</summary>
    private static readonly HashSet<string> Frame =
        ["a", "an", "any", "the", "of", "for", "with", "on", "in", "logo", "logos", "brand", "brands", "company", "sign", "signs", "symbol", "trademark", "emblem", "badge", "show", "shows", "showing"];

    /// <returns>Names of brands, and the best score that a sighting may have: less for a brand that was not quite named. A text that names nothing but logos asks for all.</returns>
    public static IReadOnlyDictionary<string, double> Of(string text, IReadOnlyList<Brand> brands)
    {
        var words = PlainWords.Of(text);
        var wanted = words.Where(word => !Frame.Contains(word)).ToList();
        if (words.Count == 0)
            return new Dictionary<string, double>();
        if (wanted.Count == 0)
            return brands.Where(brand => brand.Spellings.Count > 0).ToDictionary(brand => brand.Name, _ => FixedScores.Exact);
        var asked = string.Join(' ', wanted);
        var exact = brands.Where(brand => brand.Spellings.Any(spelling => IsNamed(spelling, text, asked))).ToDictionary(brand => brand.Name, _ => FixedScores.Exact);
        return exact.Count > 0
            ? exact
            : brands.Where(brand => brand.Spellings.Any(spelling => ScreenTextMatch.Of(asked, spelling) == LetterMatch.Loose || ScreenTextMatch.Of(spelling, asked) == LetterMatch.Loose))
                .ToDictionary(brand => brand.Name, _ => FixedScores.Loose);
    }

    private static bool IsNamed(string spelling, string text, string asked)
        => ScreenTextMatch.Of(spelling, text) == LetterMatch.Exact || ScreenTextMatch.Of(asked, spelling) == LetterMatch.Exact;
}
