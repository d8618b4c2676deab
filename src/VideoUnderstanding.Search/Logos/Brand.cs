namespace VideoUnderstanding.Search.Logos;

/// <summary>A brand and the spellings of its name.</summary>
/// <param name="Spellings">The first is <paramref name="Name"/>.</param>
public sealed record Brand(string Name, IReadOnlyList<string> Spellings)
{
    public static Brand Of(string name) => new(name, [name]);

    /// <summary>Parses a line of a brand list: spellings separated by <c>|</c>. Returns null for empty lines and for comments, which start
    /// with <c>#</c>.</summary>
    public static Brand? Read(string line)
    {
        string[] spellings = [.. line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return spellings.Length == 0 || line.TrimStart().StartsWith('#') ? null : new Brand(spellings[0], spellings);
    }
}
