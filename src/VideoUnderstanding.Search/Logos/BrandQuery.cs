using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Finds the brands that a query names: exactly, by words of their name, or otherwise with one wrong letter.</summary>
public static class BrandQuery
{
    /// <summary>Query words that are no part of a brand name.</summary>
    private static readonly HashSet<string> FillerWords =
        ["a", "an", "any", "the", "of", "for", "with", "on", "in", "logo", "logos", "brand", "brands", "company", "sign", "signs", "symbol",
            "trademark", "emblem", "badge", "show", "shows", "showing"];

    /// <summary>Minimum letters of a name that may contain a wrong letter. Shorter names are one letter away from common words (door and
    /// Dior, song and Sony). Among other query words the minimum is higher, because these suggest another meaning (a boring
    /// talk).</summary>
    private const int MinLetters = 6, MinLettersAmongOtherWords = 8;

    /// <returns>Brand names and the maximum score of their detections, which is lower for inexact names. A text with filler words only,
    /// such as "logos", returns all brands.</returns>
    public static IReadOnlyDictionary<string, double> Of(string text, IReadOnlyList<Brand> brands)
    {
        var words = PlainWords.Of(text);
        var wanted = words.Where(word => !FillerWords.Contains(word)).ToList();
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
        => new ScreenTextMatch(spelling).With(text) == LetterMatch.Exact || new ScreenTextMatch(asked).With(spelling) == LetterMatch.Exact;

    /// <summary>Returns true if consecutive words, joined without spaces, differ from the name by at most one letter.</summary>
    private static bool IsNearlyNamed(string name, IReadOnlyList<string> asked)
    {
        for (var first = 0; first < asked.Count; first++)
        {
            var written = "";
            for (var last = first; last < asked.Count && (written += asked[last]).Length <= name.Length + 1; last++)
                if (written.Length >= (last - first + 1 == asked.Count ? MinLetters : MinLettersAmongOtherWords)
                    && ScreenTextMatch.Distance(written, name) <= 1)
                    return true;
        }
        return false;
    }
}
