namespace VideoUnderstanding.Server.Errors;

/// <summary>Finds the name that somebody meant who wrote another one.</summary>
internal static class SimilarName
{
    /// <summary>Longer names are not compared: the work grows with the product of both lengths.</summary>
    private const int MaxLength = 64;

    /// <summary>The known name with the fewest changed letters, at most a third of the letters; null without one. Case, underscores and
    /// brackets do not count.</summary>
    /// <param name="written">A path such as <c>labels[0].prompt</c> is compared by its last part.</param>
    public static string? Of(string written, IEnumerable<string> known)
    {
        var name = Plain(written[(written.LastIndexOf('.') + 1)..]);
        if (name.Length is 0 or > MaxLength)
            return null;
        var best = known.Select(candidate => (Name: candidate, Changes: Changes(name, Plain(candidate)))).OrderBy(pair => pair.Changes)
            .FirstOrDefault();
        return best.Name is not null && best.Changes <= Math.Max(1, name.Length / 3) ? best.Name : null;
    }

    private static string Plain(string name)
        => new([.. name.Where(letter => letter is not ('_' or '-' or '[' or ']')).Select(char.ToLowerInvariant)]);

    /// <summary>Levenshtein distance.</summary>
    private static int Changes(string one, string other)
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
