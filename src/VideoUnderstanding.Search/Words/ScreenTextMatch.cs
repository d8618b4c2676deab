using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Words;

/// <summary>How well a text on screen holds the letters of a query.</summary>
public enum LetterMatch
{
    None,

    /// <summary>Most words, parts of words, or words with wrong letters as character recognition makes them.</summary>
    Loose,

    /// <summary>The very words in their order; spaces may differ ("CAM02" and "CAM 02").</summary>
    Exact,
}

/// <summary>Compares a query with recognised screen text.</summary>
public static class ScreenTextMatch
{
    /// <summary>A part of a word must have so many letters to count.</summary>
    private const int LeastPart = 4;

    /// <summary>Share of the query's words that must be there for a loose match.</summary>
    private const double MostWords = 0.6;

    /// <summary>Letters that recognition takes for each other, each with the one that stands for all.</summary>
    private static readonly (string Seen, string Meant)[] Confusions =
        [("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("|", "l"), ("5", "s"), ("8", "b")];

    public static LetterMatch Of(string query, string text)
    {
        var asked = PlainWords.Of(query);
        var shown = PlainWords.Of(text);
        if (asked.Count == 0 || shown.Count == 0)
            return LetterMatch.None;
        if (HoldsInOrder(asked, shown))
            return LetterMatch.Exact;
        if (HoldsInOrder([.. asked.Select(Fold)], [.. shown.Select(Fold)]))
            return LetterMatch.Loose;
        var (askedWords, shownWords) = (WholeWords(query), WholeWords(text));
        return HoldsPart(askedWords, shownWords) || HoldsMost(askedWords, shownWords)
            ? LetterMatch.Loose
            : LetterMatch.None;
    }

    /// <summary>Folded words. Unbroken text of a script without blanks is one word here: single characters say too little.</summary>
    private static List<string> WholeWords(string text)
        => [.. PlainWords.Phrases(text).Select(phrase => Fold(phrase.Replace(" ", "", StringComparison.Ordinal)))];

    /// <summary>Some words of the text, written together, are the words of the query written together.</summary>
    private static bool HoldsInOrder(IReadOnlyList<string> asked, IReadOnlyList<string> shown)
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

    private static bool HoldsPart(IReadOnlyList<string> asked, IReadOnlyList<string> shown)
    {
        var wanted = string.Concat(asked);
        return wanted.Length >= LeastPart && string.Concat(shown).Contains(wanted, StringComparison.Ordinal);
    }

    private static bool HoldsMost(IReadOnlyList<string> asked, IReadOnlyList<string> shown)
    {
        var found = asked.Count(word => shown.Any(other => Near(word, other)));
        return found > 0 && found >= MostWords * asked.Count;
    }

    /// <summary>Equal but for one wrong letter in words of four letters and more, two in words of eight and more.</summary>
    private static bool Near(string one, string other)
    {
        var allowed = Math.Min(one.Length, other.Length) switch { < 4 => 0, < 8 => 1, _ => 2 };
        return Math.Abs(one.Length - other.Length) <= allowed && Distance(one, other) <= allowed;
    }

    /// <summary>Letters to change, insert or remove (Levenshtein, 1965).</summary>
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
