using System.Text;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Data.Storage;

/// <summary>The disk of this server has no space for the local copy of a file in the bucket. Other servers may have space.</summary>
public sealed class LocalCacheFullException()
    : IOException("The disk of the data folder has no space for a copy of the file.", DiskSpace.NoSpace);

/// <summary>
/// Caches local copies of bucket files in the folder <c>cache</c> of the data folder. If the size limit is exceeded, the least recently
/// used copies are removed, except copies in use, which can exceed the limit. The name of a copy contains the key and version, so copies
/// are found again after a restart.
/// </summary>
public sealed class LocalCache(
    DataFolder folder, IOptions<BucketOptions> bucket, IOptions<StorageOptions> storage, TimeProvider clock)
{
    private const long Megabyte = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, CacheEntry> _used = [];
    private string? _path;

    private string Folder => _path ??= PrivateFile.Folder(Path.Combine(folder.Root, "cache"));

    /// <param name="version">Version of the content, for example an ETag.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="download">Writes the content to a new local file.</param>
    /// <exception cref="LocalCacheFullException">The disk has no space for the copy.</exception>
    public async Task<LocalCopy> OpenAsync(
        string key, string version, long size, Func<string, CancellationToken, Task> download, CancellationToken cancellationToken)
    {
        var name = NameOf(key, version);
        var entry = AddUse(name, size);
        try
        {
            // Concurrent readers of one file share a download. If it is cancelled, the next reader starts again.
            await entry.DownloadLock.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await EnsureAsync(name, size, download, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                entry.DownloadLock.Release();
            }
        }
        catch
        {
            Release(name, entry);
            throw;
        }
        return new LocalCopy(Path.Combine(Folder, name), () => Release(name, entry));
    }

    /// <summary>Removes the unused copies of a file.</summary>
    public void Remove(string key)
    {
        lock (_lock)
            foreach (var file in Files().Where(file => Read(file.Name)?.Key == key && !_used.ContainsKey(file.Name)))
                file.Delete();
    }

    /// <returns>Key and version of each copy.</returns>
    public IReadOnlyList<(string Key, string Version)> List()
    {
        lock (_lock)
            return [.. Files().Select(file => Read(file.Name)).OfType<(string, string)>()];
    }

    private async Task EnsureAsync(
        string name, long size, Func<string, CancellationToken, Task> download, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, name);
        // After a power loss a copy may be truncated, because its name can reach the disk before its content.
        if (new FileInfo(path) is not { Exists: true } copy || copy.Length != size)
        {
            EvictFor(size);
            var temporary = folder.NewTemporaryPath();
            try
            {
                await download(temporary, cancellationToken).ConfigureAwait(false);
                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        // The write time stores the order of use across restarts.
        File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
    }

    private void EvictFor(long size)
    {
        lock (_lock)
        {
            var files = Files().ToList();
            // Copies in use count with their full size, even while they are being downloaded.
            var left = _used.Values.Sum(entry => entry.Size) + files.Where(file => !_used.ContainsKey(file.Name)).Sum(file => file.Length);
            foreach (var file in files.Where(file => !_used.ContainsKey(file.Name)).OrderBy(file => file.LastWriteTimeUtc))
            {
                if (left <= bucket.Value.CacheMegabytes * Megabyte && HasRoom(size))
                    break;
                left -= file.Length;
                file.Delete();
            }
            if (!HasRoom(size))
                throw new LocalCacheFullException();
        }
    }

    private bool HasRoom(long size) => folder.FreeBytes - size >= storage.Value.MinFreeBytes;

    private CacheEntry AddUse(string name, long size)
    {
        lock (_lock)
        {
            if (!_used.TryGetValue(name, out var entry))
                _used[name] = entry = new CacheEntry(size);
            entry.Count++;
            return entry;
        }
    }

    private void Release(string name, CacheEntry entry)
    {
        lock (_lock)
            if (--entry.Count == 0)
            {
                _used.Remove(name);
                entry.DownloadLock.Dispose();
            }
    }

    private IEnumerable<FileInfo> Files() => new DirectoryInfo(Folder).EnumerateFiles();

    /// <summary>Encodes key and version as hexadecimal, which is safe in file names.</summary>
    private static string NameOf(string key, string version)
        => $"{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(key))}.{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(version))}";

    /// <returns>Null for other files.</returns>
    private static (string Key, string Version)? Read(string name)
        => name.Split('.') is [var key, var version] && IsHex(key) && IsHex(version)
            ? (Encoding.UTF8.GetString(Convert.FromHexString(key)), Encoding.UTF8.GetString(Convert.FromHexString(version)))
            : null;

    private static bool IsHex(string text) => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower);

    private sealed class CacheEntry(long size)
    {
        public long Size => size;
        public SemaphoreSlim DownloadLock { get; } = new(1);
        public int Count { get; set; }
    }
}
