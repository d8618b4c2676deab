namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>An address could not be fetched. The message is a sentence for the user that names no inner address.</summary>
public sealed class FetchException(string message, bool tooLarge = false, Exception? inner = null) : Exception(message, inner)
{
    public bool TooLarge { get; } = tooLarge;
}

/// <summary>What was fetched.</summary>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record FetchedFile(long Bytes, string Sha256);
