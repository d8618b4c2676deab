namespace VideoUnderstanding.Indexing.Filenames;

/// <summary>Cleans file names from clients. They are displayed but never used as paths.</summary>
public static class ShownFilename
{
    private const int MaxLength = 255;
    private const string Fallback = "video";

    /// <summary>Returns the last path segment without unprintable characters; <c>video</c> if it is empty.</summary>
    public static string Clean(string? name) => Find(name) ?? Fallback;

    /// <summary>Returns the last path segment without unprintable characters; null if it is empty.</summary>
    public static string? Find(string? name)
    {
        var last = (name ?? "").Split('/', '\\')[^1];
        var shown = new string([.. last.Where(character => !char.IsControl(character) && character != '\uFFFD')]).Trim();
        if (shown is "" or "." or "..")
            return null;
        if (shown.Length <= MaxLength)
            return shown;
        // Does not split a surrogate pair.
        return char.IsHighSurrogate(shown[MaxLength - 1]) ? shown[..(MaxLength - 1)] : shown[..MaxLength];
    }

    /// <summary>Returns the last segment of the URL's path; its host if there is none.</summary>
    public static string Of(Uri address) => Find(Uri.UnescapeDataString(address.AbsolutePath)) ?? address.Host;
}
