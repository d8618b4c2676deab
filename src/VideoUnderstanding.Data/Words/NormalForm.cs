using System.Text;

namespace VideoUnderstanding.Data.Words;

/// <summary>
/// Normalises texts for comparison: transcripts, screen text, queries, metadata and filters. The result is stored in separate columns for
/// searches and filters; responses contain the original text.
/// </summary>
public static class NormalForm
{
    private const int Apostrophe = '\'', DotAbove = 0x307;

    /// <summary>Applies NFKC_Casefold of Unicode: composed and decomposed letters, full and half width, ligatures, cases, final sigma and
    /// "ß" become equal, and invisible characters such as soft hyphens are removed. In addition, all apostrophes are equal, and the Turkish
    /// "İ" and "ı" become "i", because the language of a query is unknown.</summary>
    public static string Of(string text)
    {
        var parts = Decompose(text);
        var folded = new List<int>(parts.Count);
        foreach (var part in parts)
        {
            // Apostrophes first, because NFKC converts "´" to a space and an accent.
            if (IsApostrophe(part) || UnicodeTables.Fold(part) is not { } replaced)
                Add(part, folded);
            else
                foreach (var character in replaced)
                    Add(character, folded);
        }
        return UnicodeTables.Compose(folded);
    }

    private static void Add(int character, List<int> folded)
    {
        if (IsApostrophe(character))
            folded.Add(Apostrophe);
        else if (character == 'ı')
            folded.Add('i');
        else if (character != DotAbove || !IsOnI(folded))
            folded.Add(character);
    }

    /// <summary>Returns true if the next mark belongs to an "i", with or without other marks.</summary>
    private static bool IsOnI(List<int> characters)
        => characters.FindLastIndex(character => !UnicodeTables.IsMark(character)) is >= 0 and var last && characters[last] == 'i';

    /// <summary>Applies NFC: only canonically equivalent texts become equal. For names of metadata fields.</summary>
    public static string Composed(string text) => Ascii.IsValid(text) ? text : UnicodeTables.Compose(Decompose(text));

    private static List<int> Decompose(string text)
    {
        var parts = new List<int>(text.Length);
        // EnumerateRunes converts unpaired surrogates to the replacement character.
        foreach (var rune in text.EnumerateRunes())
            UnicodeTables.Decompose(rune.Value, parts);
        return parts;
    }

    private static bool IsApostrophe(int character)
        => character is Apostrophe or '’' or '‘' or '‛' or 'ʼ' or 'ʻ' or '`' or '´' or '′' or '＇';
}
