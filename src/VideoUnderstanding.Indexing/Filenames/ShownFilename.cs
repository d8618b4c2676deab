namespace VideoUnderstanding.Indexing.Filenames;

/// <summary>Names that senders give their files. They are shown again, but never used as a path.</summary>
public static class ShownFilename
{
    private const int MaxLength = 255;
    private const string Fallback = "video";

    /// <summary>The last part of the name, without characters that cannot be shown; <c>video</c> if nothing is left.</summary>
    public static string Clean(string? name) => Find(name) ?? Fallback;

    /// <summary>The same; null if nothing is left.</summary>
    public static string? Find(string? name)
    {
        var last = (name ?? "").Split('/', '\\')[^1];
        var shown = new string([.. last.Where(character => !char.IsControl(character) && character != '\uFFFD')]).Trim();
        if (shown is "" or "." or "..")
            return null;
        if (shown.Length <= MaxLength)
            return shown;
        // Half of a surrogate pair is no text.
        return char.IsHighSurrogate(shown[MaxLength - 1]) ? shown[..(MaxLength - 1)] : shown[..MaxLength];
    }

    /// <summary>The last part of an address's path; its host when there is none.</summary>
    public static string Of(Uri address) => Find(Uri.UnescapeDataString(address.AbsolutePath)) ?? address.Host;
}
