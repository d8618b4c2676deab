using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Sound;

/// <summary>Detects whether a text mentions hearing, by the English words of hearing-words.txt and their inflected forms.</summary>
internal static class HearingWords
{
    private static readonly IReadOnlySet<string> Forms = Read();

    public static bool IsContainedIn(string text) => PlainWords.Of(text).Any(Forms.Contains);

    private static HashSet<string> Read()
    {
        using var reader = new StreamReader(typeof(HearingWords).Assembly.GetManifestResourceStream("hearing-words.txt")!);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#');
        return [.. lines.SelectMany(line => line[0] == '=' ? [line[1..]] : FormsOf(line))];
    }

    /// <summary>Returns the base form and the regular endings. Forms that do not exist do no harm.</summary>
    private static IEnumerable<string> FormsOf(string word)
    {
        var stem = word.EndsWith('e') ? word[..^1] : word;
        var doubled = word + word[^1];
        return [word, word + "s", word + "es", stem + "ed", stem + "ing", doubled + "ed", doubled + "ing"];
    }
}
