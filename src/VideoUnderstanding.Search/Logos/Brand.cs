namespace VideoUnderstanding.Search.Logos;

/// <summary>A brand, and all ways in which its name is written.</summary>
/// <param name="Spellings">The name first.</param>
public sealed record Brand(string Name, IReadOnlyList<string> Spellings)
{
    public static Brand Of(string name) => new(name, [name]);

    /// <summary>A line of a list of brands; null for an empty one and for a remark.</summary>
    public static Brand? Read(string line)
    {
        string[] spellings = [.. line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return spellings.Length == 0 || line.TrimStart().StartsWith('#') ? null : new Brand(spellings[0], spellings);
    }
}
