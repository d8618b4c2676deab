using System.Text;

namespace VideoUnderstanding.Search.Words;

/// <summary>Text as it is compared: words of letters and digits, without case and punctuation.</summary>
public static class PlainWords
{
    /// <summary>Marks that join the letters around them.</summary>
    public const string Apostrophes = "'’‘ʼ`´";

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

    private static bool IsApostrophe(Rune rune) => rune.IsBmp && Apostrophes.Contains((char)rune.Value);

    private static void End(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
            words.Add(word.ToString());
        word.Clear();
    }
}
