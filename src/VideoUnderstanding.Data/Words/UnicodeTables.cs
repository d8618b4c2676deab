using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace VideoUnderstanding.Data.Words;

/// <summary>Unicode normalisation (annex 15) with its own data, because string.Normalize has no effect without the ICU library, which the
/// server does not use. Hangul syllables are computed.</summary>
internal static class UnicodeTables
{
    private const int SyllableFirst = 0xAC00, SyllableCount = 11172, LeadFirst = 0x1100, VowelFirst = 0x1161, TailFirst = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Dictionary<int, int> ClassesRead = [];
    private static readonly Dictionary<(int, int), int> CompositionsRead = [];
    private static readonly Dictionary<int, int[]> DecompositionsRead = [], FoldsRead = [];

    private static readonly FrozenDictionary<int, int> Classes;
    private static readonly FrozenDictionary<(int First, int Second), int> Compositions;
    private static readonly FrozenDictionary<int, int[]> Decompositions, Folds;

    static UnicodeTables()
    {
        Read();
        Classes = ClassesRead.ToFrozenDictionary();
        Compositions = CompositionsRead.ToFrozenDictionary();
        Decompositions = DecompositionsRead.ToFrozenDictionary();
        Folds = FoldsRead.ToFrozenDictionary();
    }

    /// <summary>Appends the canonical decomposition of a character.</summary>
    public static void Decompose(int character, List<int> parts)
    {
        if (character - SyllableFirst is >= 0 and < SyllableCount and var syllable)
        {
            parts.Add(LeadFirst + syllable / (Vowels * Tails));
            parts.Add(VowelFirst + syllable % (Vowels * Tails) / Tails);
            if (syllable % Tails > 0)
                parts.Add(TailFirst + syllable % Tails);
        }
        else if (Decompositions.TryGetValue(character, out var decomposed))
        {
            foreach (var part in decomposed)
                Decompose(part, parts);
        }
        else
        {
            parts.Add(character);
        }
    }

    /// <summary>Returns the decomposed NFKC_Casefold replacement of a decomposed character; null if it is unchanged.</summary>
    public static int[]? Fold(int character) => Folds.GetValueOrDefault(character);

    /// <summary>Returns true for characters with a combining class other than 0.</summary>
    public static bool IsMark(int character) => ClassOf(character) != 0;

    /// <summary>Sorts marks into canonical order and composes decomposed characters to NFC.</summary>
    public static string Compose(List<int> characters)
    {
        Order(characters);
        var text = new StringBuilder(characters.Count);
        var composed = new List<int>(characters.Count);
        var (starter, lastClass) = (-1, 0);
        foreach (var character in characters)
        {
            var combining = ClassOf(character);
            if (starter >= 0 && (lastClass < combining || composed.Count == starter + 1)
                && Composition(composed[starter], character) is { } joined)
            {
                composed[starter] = joined;
                continue;
            }
            if (combining == 0)
                starter = composed.Count;
            lastClass = combining;
            composed.Add(character);
        }
        foreach (var character in composed)
            text.Append(new Rune(character).ToString());
        return text.ToString();
    }

    /// <summary>Stable-sorts each run of marks by combining class.</summary>
    private static void Order(List<int> characters)
    {
        for (var first = 0; first < characters.Count; first++)
        {
            if (ClassOf(characters[first]) == 0)
                continue;
            var end = first + 1;
            while (end < characters.Count && ClassOf(characters[end]) != 0)
                end++;
            if (end - first > 1)
            {
                var sorted = characters.GetRange(first, end - first).OrderBy(ClassOf).ToList();
                for (var i = 0; i < sorted.Count; i++)
                    characters[first + i] = sorted[i];
            }
            first = end;
        }
    }

    private static int ClassOf(int character) => character < 0x300 ? 0 : Classes.GetValueOrDefault(character);

    private static int? Composition(int first, int second)
    {
        if (first - LeadFirst is >= 0 and < Leads and var lead && second - VowelFirst is >= 0 and < Vowels and var vowel)
            return SyllableFirst + (lead * Vowels + vowel) * Tails;
        if (first - SyllableFirst is >= 0 and < SyllableCount and var syllable && syllable % Tails == 0
            && second - TailFirst is > 0 and < Tails and var tail)
            return SyllableFirst + syllable + tail;
        return Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static void Read()
    {
        using var stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream("unicode.txt")!;
        using var reader = new StreamReader(stream);
        var section = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('@'))
                section = line;
            else if (!line.StartsWith('#'))
                Read(section, line.Split(' '));
        }
    }

    private static void Read(string section, string[] fields)
    {
        var first = Code(fields[0]);
        switch (section)
        {
            case "@classes":
                for (var character = first; character <= Code(fields[1]); character++)
                    ClassesRead[character] = int.Parse(fields[2], CultureInfo.InvariantCulture);
                break;
            case "@compositions":
                DecompositionsRead[first] = [.. fields[1..].Select(Code)];
                CompositionsRead[(Code(fields[1]), Code(fields[2]))] = first;
                break;
            case "@decompositions":
                DecompositionsRead[first] = [.. fields[1..].Select(Code)];
                break;
            default:
                ReadFold(first, Code(fields[1]), fields[2..]);
                break;
        }
    }

    private static void ReadFold(int first, int last, string[] parts)
    {
        var isShifted = parts is ["+", ..];
        var target = parts.Skip(isShifted ? 1 : 0).Select(Code).ToArray();
        for (var character = first; character <= last; character++)
            FoldsRead[character] = isShifted ? [target[0] + character - first] : target;
    }

    private static int Code(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
