using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace VideoUnderstanding.Inference.Text;

/// <summary>Decomposes and composes letters with marks by Unicode's canonical forms. Has its own data, because the server runs without the
/// ICU library, and string.Normalize then handles ASCII only.</summary>
internal static class CanonicalForms
{
    private const int HangulFirst = 0xAC00, HangulCount = 11172, Vowels = 21, Finals = 28;
    private static readonly FrozenDictionary<char, (char Base, char Mark)> Pairs = ReadPairs();
    private static readonly FrozenDictionary<(char, char), char> Composed = Pairs.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The text without accents: decomposed (NFD), without non-spacing marks, as BERT's lower-casing tokenizers were
    /// trained.</summary>
    public static string WithoutMarks(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var letter in text)
            AppendParts(result, letter);
        return result.ToString();
    }

    /// <summary>Composes every letter with the mark after it, if there is one character for both (NFC for letters with single
    /// marks).</summary>
    public static string Compose(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (result.Length > 0 && Composed.TryGetValue((result[^1], letter), out var joined))
                result[^1] = joined;
            else
                result.Append(letter);
        }
        return result.ToString();
    }

    private static void AppendParts(StringBuilder result, char letter)
    {
        if (Pairs.TryGetValue(letter, out var parts))
        {
            AppendParts(result, parts.Base);
            AppendParts(result, parts.Mark);
        }
        else if (letter - HangulFirst is >= 0 and < HangulCount and var syllable)
        {
            result.Append((char)(0x1100 + syllable / (Vowels * Finals))).Append((char)(0x1161 + syllable % (Vowels * Finals) / Finals));
            if (syllable % Finals > 0)
                result.Append((char)(0x11A7 + syllable % Finals));
        }
        else if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
        {
            result.Append(letter);
        }
    }

    private static FrozenDictionary<char, (char, char)> ReadPairs()
    {
        using var stream = typeof(CanonicalForms).Assembly.GetManifestResourceStream("canonical-pairs.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .Select(line => line.Split(' ').Select(code => (char)int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .ToArray())
            .ToFrozenDictionary(codes => codes[0], codes => (codes[1], codes[2]));
    }
}
