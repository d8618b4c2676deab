namespace VideoUnderstanding.Data.Storage;

/// <summary>
/// Stores the files of an installation by key. A key is a relative path with forward slashes. The data folder is one implementation; the
/// members are chosen so that a bucket of an S3-compatible store can be another.
/// </summary>
public interface IFileStore
{
    /// <summary>Stores the content of a stream and replaces an earlier file. Readers get the old content or the new, never a
    /// part.</summary>
    Task WriteAsync(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>Stores a local file and replaces an earlier one, as <see cref="WriteAsync"/> does. The local file is gone
    /// afterwards.</summary>
    Task MoveInAsync(string key, string localPath, CancellationToken cancellationToken);

    /// <summary>Opens a file as a seekable stream. Only what is read is transferred, so a seek followed by a read is a range
    /// read.</summary>
    /// <returns>Null if there is no such file.</returns>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Gives programs that only read local files, such as FFmpeg, a path to the content.</summary>
    /// <returns>Null if there is no such file.</returns>
    Task<LocalCopy?> OpenLocalAsync(string key, CancellationToken cancellationToken);

    /// <returns>Null if there is no such file.</returns>
    Task<StoredFile?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Lists all files whose keys start with a prefix that ends in a slash, in no particular order.</summary>
    IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes a file. It is no error if there is none.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Creates an address from which a client can download the file without this server.</summary>
    /// <returns>Null if the store has no such addresses: the server then sends the content itself.</returns>
    Uri? CreateDownloadAddress(string key, string mediaType, TimeSpan life);
}

/// <param name="Size">Bytes.</param>
/// <param name="Written">Time of the last write.</param>
public readonly record struct StoredFile(string Key, long Size, DateTimeOffset Written);

/// <summary>A local path to the content of a stored file. The path is valid until this is disposed.</summary>
/// <param name="release">Removes or unlocks a temporary copy; null if the path is the stored file itself.</param>
public sealed class LocalCopy(string path, Action? release = null) : IDisposable
{
    public string Path => path;

    public void Dispose() => release?.Invoke();
}
