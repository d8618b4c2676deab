using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Which brands a text asks for: those that it names, those whose name has its words, and else, with one wrong letter, those that
/// it nearly names.</summary>
public static class BrandQuery
{
    /// <summary>Words around a name that say only what is looked for.</summary>
    private static readonly HashSet<string> Frame =
        ["a", "an", "any", "the", "of", "for", "with", "on", "in", "logo", "logos", "brand", "brands", "company", "sign", "signs", "symbol",
            "trademark", "emblem", "badge", "show", "shows", "showing"];

    /// <summary>Letters that a name with a wrong one must have: short names are a letter away from ordinary words (door and Dior, song and
    /// Sony, being and Boeing). Among other words, which tell that something else is meant, more (a boring talk, a television
    /// channel).</summary>
    private const int LeastLetters = 6, LeastLettersAmongOthers = 8;

    /// <returns>Names of brands, and the best score that a sighting may have: less for a brand that was not quite named. A text that names
    /// nothing but logos asks for all.</returns>
    public static IReadOnlyDictionary<string, double> Of(string text, IReadOnlyList<Brand> brands)
    {
        var words = PlainWords.Of(text);
        var wanted = words.Where(word => !Frame.Contains(word)).ToList();
        if (words.Count == 0)
            return new Dictionary<string, double>();
        if (wanted.Count == 0)
            return brands.Where(brand => brand.Spellings.Count > 0).ToDictionary(brand => brand.Name, _ => FixedScores.Exact);
        var asked = string.Join(' ', wanted);
        var exact = brands.Where(brand => brand.Spellings.Any(spelling => IsNamed(spelling, text, asked)))
            .ToDictionary(brand => brand.Name, _ => FixedScores.Exact);
        return exact.Count > 0
            ? exact
            : brands.Where(brand => brand.Spellings.Any(spelling => IsNearlyNamed(string.Concat(PlainWords.Of(spelling)), wanted)))
                .ToDictionary(brand => brand.Name, _ => FixedScores.Loose);
    }

    private static bool IsNamed(string spelling, string text, string asked)
        => ScreenTextMatch.Of(spelling, text) == LetterMatch.Exact || ScreenTextMatch.Of(asked, spelling) == LetterMatch.Exact;

    /// <summary>Some whole words, written together, are the name but for one letter.</summary>
    private static bool IsNearlyNamed(string name, IReadOnlyList<string> asked)
    {
        for (var first = 0; first < asked.Count; first++)
        {
            var written = "";
            for (var last = first; last < asked.Count && (written += asked[last]).Length <= name.Length + 1; last++)
                if (written.Length >= (last - first + 1 == asked.Count ? LeastLetters : LeastLettersAmongOthers)
                    && ScreenTextMatch.Distance(written, name) <= 1)
                    return true;
        }
        return false;
    }
}
