using System.Text.RegularExpressions;

namespace VideoUnderstanding.Indexing.Speech;

/// <summary>A piece of speech as it is stored and searched. Seconds.</summary>
public sealed record SpokenText(double Start, double End, string Text);

/// <summary>
/// Brings speech to sizes that a sentence vector can stand for: a long segment is cut at the ends of its sentences, and its time is shared out by the number of letters.
/// </summary>
public static partial class SpeechSentences
{
    /// <summary>Seconds up to which a segment stays whole: its times are measured, those of a cut are estimated.</summary>
    private const double WholeUpTo = 12;

    public static IEnumerable<SpokenText> Cut(double start, double end, string text)
    {
        text = text.Trim();
        if (text.Length == 0)
            yield break;
        var sentences = end - start <= WholeUpTo ? [text] : SentenceEnd().Split(text).Where(sentence => sentence.Length > 0).ToArray();
        var (letters, passed) = ((double)sentences.Sum(sentence => sentence.Length), 0);
        foreach (var sentence in sentences)
        {
            var from = start + (end - start) * passed / letters;
            passed += sentence.Length;
            yield return new SpokenText(from, start + (end - start) * passed / letters, sentence);
        }
    }

    [GeneratedRegex(@"(?<=[.!?…]['""”’)]?)\s+(?=['""“‘(]?[\p{Lu}\p{Lo}\p{Nd}])", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();
}
