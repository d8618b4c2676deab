using System.Text;

namespace VideoUnderstanding.Data.Words;

/// <summary>
/// The form in which texts are compared: transcripts, screen text, queries, metadata and filters. It is stored in columns of its own,
/// which are searched and filtered only; responses have the text as it was received.
/// </summary>
public static class NormalForm
{
    private const int Apostrophe = '\'', DotAbove = 0x307;

    /// <summary>NFKC with case folding (Unicode's NFKC_Casefold): composed and decomposed letters, full and half width, ligatures, cases,
    /// final sigma and "ß" become equal, and soft hyphens and other invisible characters are left out. On top of that, all apostrophes are
    /// equal, and the Turkish "İ" and "ı" are "i", because the language of a query is not known.</summary>
    public static string Of(string text)
    {
        var parts = Decompose(text);
        var folded = new List<int>(parts.Count);
        foreach (var part in parts)
        {
            // Apostrophes first: NFKC would make a blank and an accent of "´".
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

    /// <summary>True if the next mark belongs to an "i", with or without other marks.</summary>
    private static bool IsOnI(List<int> characters)
        => characters.FindLastIndex(character => !UnicodeTables.IsMark(character)) is >= 0 and var last && characters[last] == 'i';

    /// <summary>NFC: canonically equivalent texts become equal, and nothing else does. For names of metadata fields.</summary>
    public static string Composed(string text) => Ascii.IsValid(text) ? text : UnicodeTables.Compose(Decompose(text));

    private static List<int> Decompose(string text)
    {
        var parts = new List<int>(text.Length);
        // Half a surrogate pair is read as the replacement character.
        foreach (var rune in text.EnumerateRunes())
            UnicodeTables.Decompose(rune.Value, parts);
        return parts;
    }

    private static bool IsApostrophe(int character)
        => character is Apostrophe or '’' or '‘' or '‛' or 'ʼ' or 'ʻ' or '`' or '´' or '′' or '＇';
}
