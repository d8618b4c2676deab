namespace VideoUnderstanding.Data.Storage;

/// <summary>
/// Stores the files of an installation by key. A key is a relative path with forward slashes. Implementations: a data folder, and an
/// S3-compatible bucket.
/// </summary>
public interface IFileStore
{
    /// <summary>Stores the content of a stream atomically and replaces an existing file.</summary>
    Task WriteAsync(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>Moves a local file into the store and replaces an existing file, atomically like <see cref="WriteAsync"/>.</summary>
    Task MoveInAsync(string key, string localPath, CancellationToken cancellationToken);

    /// <summary>Opens a file as a seekable stream. Only the bytes that are read are transferred.</summary>
    /// <returns>Null if there is no such file.</returns>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Provides a local path to the content, for programs such as FFmpeg.</summary>
    /// <returns>Null if there is no such file.</returns>
    Task<LocalCopy?> OpenLocalAsync(string key, CancellationToken cancellationToken);

    /// <returns>Null if there is no such file.</returns>
    Task<StoredFile?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Lists all files with a key prefix, which must end with a slash, in no particular order.</summary>
    IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a file. It is no error if it does not exist.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Creates a URL from which clients can download the file directly.</summary>
    /// <returns>Null if the store has no such URLs; the server then sends the content.</returns>
    Uri? CreateDownloadAddress(string key, string mediaType, TimeSpan life);
}

/// <param name="Size">Bytes.</param>
/// <param name="Written">Time of the last write.</param>
public readonly record struct StoredFile(string Key, long Size, DateTimeOffset Written);

/// <summary>A local path to the content of a stored file. The path is valid until this is disposed.</summary>
/// <param name="release">Releases the local copy; null if the path is the stored file itself.</param>
public sealed class LocalCopy(string path, Action? release = null) : IDisposable
{
    public string Path => path;

    public void Dispose() => release?.Invoke();
}
