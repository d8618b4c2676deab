using System.Globalization;

namespace VideoUnderstanding.Indexing.Speech;

/// <summary>Splits long texts before they are stored: the time that a search takes for one text grows with its length, and a sentence
/// vector stands for a few lines.</summary>
internal static class BoundedTexts
{
    /// <summary>Characters of a stored text, at most: a minute of fast speech has more than two such texts.</summary>
    public const int MaxLength = 400;

    /// <summary>A shorter sentence of a long text stays with the next one, so that the number of parts is bounded too.</summary>
    private const int ShortLength = 80;

    /// <summary>A text that is short enough, as it is; else its sentences, and the parts of sentences that are too long. Each part has the
    /// share of the time that it has of the characters.</summary>
    public static IEnumerable<SpokenText> Split(SpokenText text)
    {
        if (text.Text.Length <= MaxLength)
        {
            yield return text;
            yield break;
        }
        var secondsEach = (text.End - text.Start) / text.Text.Length;
        for (int first = 0, end; first < text.Text.Length; first = end)
        {
            end = EndOfPart(text.Text, first);
            if (text.Text.AsSpan(first, end - first).Trim().ToString() is { Length: > 0 } part)
                yield return text with
                {
                    Start = text.Start + first * secondsEach,
                    End = end == text.Text.Length ? text.End : text.Start + end * secondsEach,
                    Text = part,
                };
        }
    }

    /// <returns>The index after the last sentence that begins before <see cref="ShortLength"/>; where that is too far, after the last blank
    /// within reach, or else the farthest index that divides no character.</returns>
    private static int EndOfPart(string text, int first)
    {
        var farthest = Math.Min(text.Length, first + MaxLength);
        var (sentence, blank) = (0, 0);
        for (var i = first + 1; i < farthest; i++)
        {
            if (EndsSentence(text, i))
            {
                sentence = i;
                if (i - first >= ShortLength)
                    return sentence;
            }
            else if (char.IsWhiteSpace(text[i]))
            {
                blank = i;
            }
        }
        if (farthest == text.Length)
            return farthest;
        if (Math.Max(sentence, blank) is > 0 and var end)
            return sentence > 0 ? sentence : end;
        while (farthest > first + 1 && (char.IsLowSurrogate(text[farthest]) || IsMark(text[farthest])))
            farthest--;
        return farthest;
    }

    private static bool IsMark(char letter)
        => char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>True if the character before the index ends a sentence. Latin marks need a blank behind them.</summary>
    private static bool EndsSentence(string text, int index) => text[index - 1] switch
    {
        '。' or '！' or '？' or '｡' or '।' or '۔' or '؟' => true,
        '.' or '!' or '?' or '…' or '"' or '”' or '»' or ')' => char.IsWhiteSpace(text[index]) && EndsSentence(text.AsSpan(0, index)),
        _ => false,
    };

    private static bool EndsSentence(ReadOnlySpan<char> text) => text.TrimEnd("\"”»)") is [.., '.' or '!' or '?' or '…'];
}
