using System.Text;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Data.Storage;

/// <summary>
/// Local copies of files of a bucket, in the folder <c>cache</c> of the data folder. They stay until there are too many bytes; then the
/// least recently used ones are removed. A copy in use is never removed: as long as copies in use alone exceed the limit, it is exceeded.
/// The name of a copy says of which file and version it is, so copies are found again after a restart.
/// </summary>
public sealed class LocalCache(
    DataFolder folder, IOptions<BucketOptions> bucket, IOptions<StorageOptions> storage, TimeProvider clock)
{
    private const long Megabyte = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Use> _used = [];
    private string? _path;

    private string Folder => _path ??= PrivateFile.Folder(Path.Combine(folder.Root, "cache"));

    /// <param name="version">Changes with the content.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="download">Writes the content to a new local file.</param>
    /// <exception cref="IOException">The disk has no room for the copy.</exception>
    public async Task<LocalCopy> OpenAsync(
        string key, string version, long size, Func<string, CancellationToken, Task> download, CancellationToken cancellationToken)
    {
        var name = NameOf(key, version);
        var use = Take(name, size);
        try
        {
            // Several readers of one file share one download. If its reader leaves, the next one begins again.
            await use.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await EnsureAsync(name, size, download, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                use.Turn.Release();
            }
        }
        catch
        {
            Release(name, use);
            throw;
        }
        return new LocalCopy(Path.Combine(Folder, name), () => Release(name, use));
    }

    /// <summary>Removes the copies of a file that are not in use.</summary>
    public void Remove(string key)
    {
        lock (_lock)
            foreach (var file in Files().Where(file => Read(file.Name)?.Key == key && !_used.ContainsKey(file.Name)))
                file.Delete();
    }

    /// <returns>Of each copy the key and the version.</returns>
    public IReadOnlyList<(string Key, string Version)> List()
    {
        lock (_lock)
            return [.. Files().Select(file => Read(file.Name)).OfType<(string, string)>()];
    }

    private async Task EnsureAsync(
        string name, long size, Func<string, CancellationToken, Task> download, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, name);
        // After a loss of power a copy may be empty or cut off: its name is on the disk before its content.
        if (new FileInfo(path) is not { Exists: true } copy || copy.Length != size)
        {
            MakeRoom(size);
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
        // The order of removal survives a restart.
        File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
    }

    private void MakeRoom(long size)
    {
        lock (_lock)
        {
            var files = Files().ToList();
            // Copies in use count with their size even while they are being downloaded; the new one is among them.
            var left = _used.Values.Sum(use => use.Size) + files.Where(file => !_used.ContainsKey(file.Name)).Sum(file => file.Length);
            foreach (var file in files.Where(file => !_used.ContainsKey(file.Name)).OrderBy(file => file.LastWriteTimeUtc))
            {
                if (left <= bucket.Value.CacheMegabytes * Megabyte && HasRoom(size))
                    break;
                left -= file.Length;
                file.Delete();
            }
            if (!HasRoom(size))
                throw new IOException("The disk of the data folder has no room for a copy of the file.", DiskSpace.NoSpace);
        }
    }

    private bool HasRoom(long size) => folder.FreeBytes - size >= storage.Value.MinFreeBytes;

    private Use Take(string name, long size)
    {
        lock (_lock)
        {
            if (!_used.TryGetValue(name, out var use))
                _used[name] = use = new Use(size);
            use.Count++;
            return use;
        }
    }

    private void Release(string name, Use use)
    {
        lock (_lock)
            if (--use.Count == 0)
            {
                _used.Remove(name);
                use.Turn.Dispose();
            }
    }

    private IEnumerable<FileInfo> Files() => new DirectoryInfo(Folder).EnumerateFiles();

    /// <summary>Without characters that a path could have.</summary>
    private static string NameOf(string key, string version)
        => $"{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(key))}.{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(version))}";

    /// <returns>Null for a file that is no copy.</returns>
    private static (string Key, string Version)? Read(string name)
        => name.Split('.') is [var key, var version] && IsHex(key) && IsHex(version)
            ? (Encoding.UTF8.GetString(Convert.FromHexString(key)), Encoding.UTF8.GetString(Convert.FromHexString(version)))
            : null;

    private static bool IsHex(string text) => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower);

    private sealed class Use(long size)
    {
        public long Size => size;
        public SemaphoreSlim Turn { get; } = new(1);
        public int Count { get; set; }
    }
}
