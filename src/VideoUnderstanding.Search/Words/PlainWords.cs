using System.Text;

namespace VideoUnderstanding.Search.Words;

/// <summary>Text as it is compared: words of letters and digits, without case and punctuation.</summary>
public static class PlainWords
{
    /// <summary>Apostrophes join ("don't" is one word, with or without it); every other mark divides.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark)
                word.Append(Rune.ToLowerInvariant(rune));
            else if (!IsApostrophe(rune))
                End(words, word);
        }
        End(words, word);
        return words;
    }

    /// <summary>Runs of ASCII letters and digits, in lower case: parts that any text with the same words contains letter by letter. The longest first.</summary>
    public static IReadOnlyList<string> Pieces(string text)
    {
        var pieces = new HashSet<string>();
        var piece = new StringBuilder();
        foreach (var letter in text + " ")
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                piece.Append(char.ToLowerInvariant(letter));
                continue;
            }
            // Next to a letter outside ASCII the run is only a part of a word; that is fine, and needs no care.
            if (piece.Length > 0)
                pieces.Add(piece.ToString());
            piece.Clear();
        }
        return [.. pieces.OrderByDescending(part => part.Length).ThenBy(part => part, StringComparer.Ordinal)];
    }

    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or '’' or '‘' or 'ʼ' or '`' or '´';

    private static void End(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
            words.Add(word.ToString());
        word.Clear();
    }
}
