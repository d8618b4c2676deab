using System.Globalization;

namespace VideoUnderstanding.Indexing.Speech;

/// <summary>Splits long texts before they are stored: the search time per text grows with its length, and a sentence vector represents only
/// a few lines.</summary>
internal static class TextSplitter
{
    /// <summary>Maximum characters of a stored text, less than half a minute of fast speech.</summary>
    public const int MaxLength = 400;

    /// <summary>A shorter sentence is joined with the next one, which limits the number of parts.</summary>
    private const int ShortLength = 80;

    /// <summary>Returns a short text unchanged; splits a long one into sentences, and long sentences into parts. The time is distributed by
    /// the number of characters.</summary>
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

    /// <returns>The end of the next part: after a sentence if possible, otherwise after the last space within the limit, otherwise at the
    /// limit without splitting a character.</returns>
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

    /// <summary>Returns true if the character before the index ends a sentence. Latin punctuation must be followed by a space.</summary>
    private static bool EndsSentence(string text, int index) => text[index - 1] switch
    {
        '。' or '！' or '？' or '｡' or '।' or '۔' or '؟' => true,
        '.' or '!' or '?' or '…' or '"' or '”' or '»' or ')' => char.IsWhiteSpace(text[index]) && EndsSentence(text.AsSpan(0, index)),
        _ => false,
    };

    private static bool EndsSentence(ReadOnlySpan<char> text) => text.TrimEnd("\"”»)") is [.., '.' or '!' or '?' or '…'];
}

/// <summary>A text with its time range, before it is embedded. Times are seconds from the start of the video.</summary>
public sealed record SpokenText(double Start, double End, string Text)
{
    /// <summary>Code of the detected language; null uses the language of the task.</summary>
    public string? Language { get; init; }
}
