using System.Globalization;
using System.Text;

namespace VideoUnderstanding.Data.Words;

/// <summary>Splits text into words for comparison: letters, digits and their marks in <see cref="NormalForm"/>, without
/// punctuation.</summary>
/// <remarks>In scripts without spaces, and in Korean, which attaches particles to words, each character with its marks is a word. A part of
/// such a text is then a phrase.</remarks>
public static class PlainWords
{
    /// <summary>Maximum characters of <see cref="Column"/>.</summary>
    public const int MaxColumnLength = 1_200;

    /// <summary>Maximum characters of a text that are read for the column.</summary>
    private const int MaxReadLength = 4 * MaxColumnLength;

    /// <summary>Character ranges of scripts without spaces: Thai, Lao, Tibetan, Myanmar, Khmer, kana, Bopomofo, Han and Hangul.</summary>
    private static readonly (int First, int Last)[] Unspaced =
        [(0x0E00, 0x0EFF), (0x0F00, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x312F), (0x31A0, 0x31FF),
            (0x3400, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF)];

    /// <summary>Returns the words of a text. Apostrophes are ignored within words ("don't" equals "dont"); all other punctuation separates
    /// words.</summary>
    public static IReadOnlyList<string> Of(string text) => [.. Read(text).Select(word => word.Text)];

    /// <summary>Returns the words; consecutive single-character words of an unspaced script are joined by spaces into one phrase.</summary>
    public static IReadOnlyList<string> Phrases(string text)
    {
        var phrases = new List<string>();
        foreach (var word in Read(text))
        {
            if (word.Continues)
                phrases[^1] += " " + word.Text;
            else
                phrases.Add(word.Text);
        }
        return phrases;
    }

    /// <summary>Returns the words with a space before and after each, the format of the database column: "% word %" matches whole words.
    /// Truncated after the last word within <see cref="MaxColumnLength"/>.</summary>
    public static string Column(string text)
    {
        var column = new StringBuilder(" ");
        foreach (var word in Read(text.Length > MaxReadLength ? text[..MaxReadLength] : text))
        {
            if (column.Length + word.Text.Length + 1 > MaxColumnLength)
                break;
            column.Append(word.Text).Append(' ');
        }
        return column.Length == 1 ? "" : column.ToString();
    }

    private static IEnumerable<(string Text, bool Continues)> Read(string text)
    {
        var word = new StringBuilder();
        // isUnspaced: the current word is a character of an unspaced script. continues: it directly follows another such word.
        var (isUnspaced, continues) = (false, false);
        foreach (var rune in NormalForm.Of(text).EnumerateRunes())
        {
            var isMark = IsMark(rune);
            if (!isMark && !Rune.IsLetterOrDigit(rune))
            {
                if (rune.Value == '\'')
                    continue;
                if (word.Length > 0)
                    yield return (Take(word), continues);
                (isUnspaced, continues) = (false, false);
                continue;
            }
            var isUnspacedLetter = IsUnspaced(rune);
            if (word.Length > 0 && !isMark && (isUnspacedLetter || isUnspaced))
            {
                yield return (Take(word), continues);
                continues = isUnspacedLetter && isUnspaced;
            }
            if (!isMark || word.Length == 0)
                isUnspaced = isUnspacedLetter;
            word.Append(rune.ToString());
        }
        if (word.Length > 0)
            yield return (Take(word), continues);
    }

    private static string Take(StringBuilder word)
    {
        var text = word.ToString();
        word.Clear();
        return text;
    }

    private static bool IsMark(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsUnspaced(Rune rune)
        => rune.Value >= Unspaced[0].First && Array.Exists(Unspaced, range => rune.Value >= range.First && rune.Value <= range.Last);
}
