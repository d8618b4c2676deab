using System.Text.RegularExpressions;

namespace VideoUnderstanding.Benchmarks.Speech;

/// <summary>Counts wrong words of a transcript. Words are compared in lower case without punctuation.</summary>
internal static partial class WordErrors
{
    public static string[] WordsOf(string text)
        => [.. Word().Matches(text.ToLowerInvariant().Replace('’', '\'')).Select(match => match.Value)];

    /// <returns>Number of words that must be replaced, inserted or deleted to turn the first list into the second.</returns>
    public static int Distance(string[] expected, string[] found)
    {
        var row = Enumerable.Range(0, found.Length + 1).ToArray();
        for (var i = 1; i <= expected.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= found.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (expected[i - 1] == found[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
            }
        }
        return row[^1];
    }

    [GeneratedRegex("[a-z0-9']+")]
    private static partial Regex Word();
}
