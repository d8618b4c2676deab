namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>An address could not be fetched. The message is a sentence for the user that names no inner address.</summary>
public sealed class FetchException(string message, bool tooLarge = false, Exception? inner = null, bool mayPass = false)
    : Exception(message, inner)
{
    public bool TooLarge { get; } = tooLarge;

    /// <summary>True when the address may be good but its host or the way to it was not: another try, some time later, may
    /// succeed.</summary>
    public bool MayPass { get; } = mayPass;
}

/// <summary>What was fetched.</summary>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record FetchedFile(long Bytes, string Sha256)
{
    /// <summary>The name that the host gives the file; null without one.</summary>
    public string? Filename { get; init; }
}
