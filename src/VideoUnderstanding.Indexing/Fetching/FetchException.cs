namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>An address could not be fetched. The message is for the user and contains no internal addresses.</summary>
public sealed class FetchException(string message, bool tooLarge = false, Exception? inner = null, bool isTransient = false)
    : Exception(message, inner)
{
    public bool TooLarge { get; } = tooLarge;

    /// <summary>True if the failure can be temporary, so a retry may succeed.</summary>
    public bool IsTransient { get; } = isTransient;
}

/// <summary>A downloaded file.</summary>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hexadecimal.</param>
public sealed record FetchedFile(long Bytes, string Sha256)
{
    /// <summary>File name from the Content-Disposition header; null without one.</summary>
    public string? Filename { get; init; }
}
