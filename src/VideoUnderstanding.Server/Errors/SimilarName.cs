namespace VideoUnderstanding.Server.Errors;

/// <summary>Finds a known name similar to an unknown one.</summary>
internal static class SimilarName
{
    /// <summary>Maximum length of compared names, because the cost is the product of both lengths.</summary>
    private const int MaxLength = 64;

    /// <summary>Returns the known name with the smallest edit distance, at most a third of the length; null if there is none. Case,
    /// underscores, dashes and brackets are ignored.</summary>
    /// <param name="written">The unknown name. Of a path such as <c>labels[0].prompt</c> only the last part is compared.</param>
    public static string? Find(string written, IEnumerable<string> known)
    {
        var name = Normalize(written[(written.LastIndexOf('.') + 1)..]);
        if (name.Length is 0 or > MaxLength)
            return null;
        var best = known.Select(candidate => (Name: candidate, Distance: EditDistance(name, Normalize(candidate))))
            .OrderBy(pair => pair.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(1, name.Length / 3) ? best.Name : null;
    }

    private static string Normalize(string name)
        => new([.. name.Where(letter => letter is not ('_' or '-' or '[' or ']')).Select(char.ToLowerInvariant)]);

    /// <summary>Levenshtein distance.</summary>
    private static int EditDistance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 0; i < one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < other.Length; j++)
            {
                var substituted = diagonal + (one[i] == other[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(substituted, Math.Min(row[j], row[j + 1]) + 1);
            }
        }
        return row[other.Length];
    }
}
