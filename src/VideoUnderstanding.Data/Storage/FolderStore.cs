namespace VideoUnderstanding.Data.Storage;

/// <summary>Stores files in the data folder. Only the server's user can read them.</summary>
public sealed class FolderStore : IFileStore
{
    private readonly DataFolder _folder;

    public FolderStore(DataFolder folder)
    {
        _folder = folder;
        foreach (var prefix in StoredFiles.Prefixes)
            PrivateFile.Folder(PathOf(prefix));
    }

    public async Task WriteAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        var temporary = _folder.NewTemporaryPath();
        try
        {
            await using (var file = PrivateFile.Open(temporary, FileMode.CreateNew))
            {
                await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
                // After a power loss, an empty installation marker would prevent the server from starting.
                file.Flush(flushToDisk: true);
            }
            await MoveInAsync(key, temporary, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task MoveInAsync(string key, string localPath, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(localPath, PrivateFile.Mode);
        // Another request can delete the folder between the two calls, if its last other file is deleted.
        for (var attempt = 1; ; attempt++)
        {
            // The mode of the data folder is kept: the user of the embedded database may need access.
            if (Path.GetDirectoryName(path) is { } parent && parent != _folder.Root)
                PrivateFile.Folder(parent);
            try
            {
                File.Move(localPath, path, overwrite: true);
                return Task.CompletedTask;
            }
            catch (DirectoryNotFoundException) when (attempt < 3 && File.Exists(localPath))
            {
            }
        }
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete,
                bufferSize: 0, useAsync: true));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task<LocalCopy?> OpenLocalAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            // File.Exists also returns false if the disk or the network file system fails. Callers treat a missing file as deleted.
            using var _ = File.OpenHandle(PathOf(key), share: FileShare.Read | FileShare.Delete);
            return Task.FromResult<LocalCopy?>(new LocalCopy(PathOf(key)));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<LocalCopy?>(null);
        }
    }

    public Task<StoredFile?> FindAsync(string key, CancellationToken cancellationToken)
        => Task.FromResult(new FileInfo(PathOf(key)) is { Exists: true } file ? Describe(file) : (StoredFile?)null);

    public async IAsyncEnumerable<StoredFile> ListAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var start = new DirectoryInfo(PathOf(prefix));
        if (!start.Exists)
            yield break;
        foreach (var file in start.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The file may be deleted during the enumeration.
            if (file.Exists)
                yield return Describe(file);
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }
        RemoveEmptyFolders(Path.GetDirectoryName(path)!);
        return Task.CompletedTask;
    }

    public Uri? CreateDownloadAddress(string key, string mediaType, TimeSpan life) => null;

    private void RemoveEmptyFolders(string path)
    {
        try
        {
            // Keeps the folders of the prefixes.
            for (; Path.GetDirectoryName(path) is { } parent && parent != _folder.Root && !Directory.EnumerateFileSystemEntries(path).Any();
                path = parent)
                Directory.Delete(path);
        }
        catch (IOException)
        {
            // A file was added, or another request deleted the folder.
        }
    }

    private StoredFile Describe(FileInfo file)
        => new(Path.GetRelativePath(_folder.Root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length,
            new DateTimeOffset(file.LastWriteTimeUtc));

    /// <exception cref="ArgumentException">The key points outside the data folder.</exception>
    private string PathOf(string key)
    {
        var path = Path.GetFullPath(Path.Combine(_folder.Root, key));
        return path.StartsWith(_folder.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"The key {key} does not name a file of the store.", nameof(key));
    }
}
