using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Words;

/// <summary>How well the letters of a screen text match a query.</summary>
public enum LetterMatch
{
    None,

    /// <summary>Most of the words, parts of words, or words with typical OCR errors.</summary>
    Loose,

    /// <summary>The exact words in order; spaces may differ ("CAM02" and "CAM 02").</summary>
    Exact,
}

/// <summary>Compares a query with recognised (OCR) screen texts.</summary>
public sealed class ScreenTextMatch(string query)
{
    /// <summary>Minimum letters of a partial word.</summary>
    private const int MinPartLength = 4;

    /// <summary>Minimum share of the query's words for a loose match.</summary>
    private const double MinWordShare = 0.6;

    /// <summary>Letters that OCR confuses, each with its canonical letter.</summary>
    private static readonly (string Seen, string Meant)[] Confusions =
        [("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("|", "l"), ("5", "s"), ("8", "b")];

    private readonly IReadOnlyList<string> _asked = PlainWords.Of(query);
    private readonly IReadOnlyList<string> _folded = [.. PlainWords.Of(query).Select(Fold)];
    private readonly IReadOnlyList<string> _whole = WholeWords(query);

    public LetterMatch With(string text)
    {
        var shown = PlainWords.Of(text);
        if (_asked.Count == 0 || shown.Count == 0)
            return LetterMatch.None;
        if (ContainsInOrder(_asked, shown))
            return LetterMatch.Exact;
        if (ContainsInOrder(_folded, [.. shown.Select(Fold)]))
            return LetterMatch.Loose;
        var shownWords = WholeWords(text);
        return ContainsPart(_whole, shownWords) || ContainsMost(_whole, shownWords) ? LetterMatch.Loose : LetterMatch.None;
    }

    /// <summary>Returns words with canonical letters. Text of a script without spaces is one word, because single characters are too
    /// ambiguous.</summary>
    private static List<string> WholeWords(string text)
        => [.. PlainWords.Phrases(text).Select(phrase => Fold(phrase.Replace(" ", "", StringComparison.Ordinal)))];

    /// <summary>Returns true if consecutive words of the text, joined without spaces, equal the joined words of the query.</summary>
    private static bool ContainsInOrder(IReadOnlyList<string> asked, IReadOnlyList<string> shown)
    {
        var wanted = string.Concat(asked);
        for (var first = 0; first < shown.Count; first++)
        {
            var at = 0;
            for (var i = first;
                i < shown.Count && at < wanted.Length && string.CompareOrdinal(wanted, at, shown[i], 0, shown[i].Length) == 0; i++)
                at += shown[i].Length;
            if (at == wanted.Length)
                return true;
        }
        return false;
    }

    private static bool ContainsPart(IReadOnlyList<string> asked, IReadOnlyList<string> shown)
    {
        var wanted = string.Concat(asked);
        return wanted.Length >= MinPartLength && string.Concat(shown).Contains(wanted, StringComparison.Ordinal);
    }

    private static bool ContainsMost(IReadOnlyList<string> asked, IReadOnlyList<string> shown)
    {
        var (found, missing) = (0, 0);
        foreach (var word in asked)
        {
            if (shown.Any(other => IsSimilar(word, other)))
                found++;
            else if (++missing > (1 - MinWordShare) * asked.Count)
                return false;
        }
        return found > 0;
    }

    /// <summary>Returns true if the words differ by at most one letter (4 letters or more) or two letters (8 letters or more).</summary>
    private static bool IsSimilar(string one, string other)
    {
        var allowed = Math.Min(one.Length, other.Length) switch { < 4 => 0, < 8 => 1, _ => 2 };
        return Math.Abs(one.Length - other.Length) <= allowed && Distance(one, other) <= allowed;
    }

    /// <summary>Edit distance (Levenshtein, 1965).</summary>
    internal static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var change = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.Length];
    }

    private static string Fold(string word)
        => Confusions.Aggregate(word, (folded, pair) => folded.Replace(pair.Seen, pair.Meant, StringComparison.Ordinal));
}
