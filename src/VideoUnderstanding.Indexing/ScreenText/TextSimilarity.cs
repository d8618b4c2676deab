using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>Similarity of two readings of a line, tolerant of typical OCR differences: case, spaces, punctuation and single
/// letters.</summary>
public static class TextSimilarity
{
    /// <summary>Maximum number of compared characters.</summary>
    private const int MaxCompared = 256;

    /// <summary>Returns the words without spaces.</summary>
    public static string Normalise(string text) => string.Concat(PlainWords.Of(text));

    /// <summary>Returns 1 - (edit distance / longer length) of two normalised texts: 1 if equal, 0 if nothing matches.</summary>
    public static double Of(string a, string b)
    {
        var left = a.AsSpan(0, Math.Min(a.Length, MaxCompared));
        var right = b.AsSpan(0, Math.Min(b.Length, MaxCompared));
        var longest = Math.Max(left.Length, right.Length);
        return longest == 0 ? 1 : 1 - (double)Distance(left, right) / longest;
    }

    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> row = stackalloc int[MaxCompared + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
