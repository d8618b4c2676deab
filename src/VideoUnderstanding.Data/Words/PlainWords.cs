using System.Globalization;
using System.Text;

namespace VideoUnderstanding.Data.Words;

/// <summary>Text as it is compared by its words: letters, digits and their marks in <see cref="NormalForm"/>, without
/// punctuation.</summary>
/// <remarks>Scripts that put no blanks between words, and Korean, which joins particles to them, have one word for each character with its
/// marks. A part of such a text is then a phrase of it.</remarks>
public static class PlainWords
{
    /// <summary>Characters of <see cref="Column"/> at most.</summary>
    public const int MaxColumnLength = 1_200;

    /// <summary>Characters of a text that are read for the column.</summary>
    private const int MostRead = 4 * MaxColumnLength;

    /// <summary>First and last characters of the scripts without blanks: Thai, Lao, Tibetan, Myanmar, Khmer, kana, Bopomofo, Han and
    /// Hangul.</summary>
    private static readonly (int First, int Last)[] Unspaced =
        [(0x0E00, 0x0EFF), (0x0F00, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x312F), (0x31A0, 0x31FF),
            (0x3400, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF)];

    /// <summary>Apostrophes join ("don't" is one word, with or without it); every other mark divides.</summary>
    public static IReadOnlyList<string> Of(string text) => [.. Read(text).Select(word => word.Text)];

    /// <summary>The same words, where those that stand for one character of an unbroken text are joined by blanks.</summary>
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

    /// <summary>The words with a blank before and after each, as the database stores and compares them: "% word %" finds whole words. Of a
    /// text that would be longer than <see cref="MaxColumnLength"/>, the first words.</summary>
    public static string Column(string text)
    {
        var column = new StringBuilder(" ");
        foreach (var word in Read(text.Length > MostRead ? text[..MostRead] : text))
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
        // Whether the open word is a character of an unspaced script, and whether it directly follows another such word.
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
            var stands = IsUnspaced(rune);
            if (word.Length > 0 && !isMark && (stands || isUnspaced))
            {
                yield return (Take(word), continues);
                continues = stands && isUnspaced;
            }
            if (!isMark || word.Length == 0)
                isUnspaced = stands;
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
