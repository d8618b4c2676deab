using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Stores what was made for playing, and removes the least recently used files when there is too much.</summary>
public sealed class StreamCache(
    IFileStore store, DataFolder folder, IOptions<StorageOptions> storage, IOptions<StreamingOptions> options, TimeProvider clock)
    : IDisposable
{
    /// <summary>Share of the limit that is left after a removal, so that not every new file causes one.</summary>
    private const double Rest = 0.9;

    private readonly SemaphoreSlim _trimming = new(1);

    // A file that is not here was last used when it was written.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = [];

    private long MaxBytes => options.Value.CacheMegabytes * 1024L * 1024;

    // Bytes that may be stored: files may be gone since they were counted. Null before the first count.
    private long? _bytes;

    /// <returns>Null if the file is not in the cache.</returns>
    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var stream = await store.OpenAsync(key, cancellationToken);
        if (stream is not null)
            _used[key] = clock.GetUtcNow();
        return stream;
    }

    /// <summary>Moves a local file into the cache, and removes others if there is too much then.</summary>
    public async Task AddAsync(string key, string localPath, CancellationToken cancellationToken)
    {
        var size = new FileInfo(localPath).Length;
        await store.MoveInAsync(key, localPath, cancellationToken);
        _used[key] = clock.GetUtcNow();
        await TrimAsync(size, key, MaxBytes, cancellationToken);
    }

    /// <summary>Removes files of the data folder until the disk has as much free space as uploads must leave, too.</summary>
    /// <returns>False if the disk is full even without the cache.</returns>
    public async Task<bool> EnsureDiskSpaceAsync(CancellationToken cancellationToken)
    {
        if (folder.FreeBytes >= storage.Value.MinFreeBytes)
            return true;
        // What is in a bucket takes no room of this disk, and belongs to all servers.
        if (store is BucketStore)
            return false;
        await TrimAsync(0, null, 0, cancellationToken);
        return folder.FreeBytes >= storage.Value.MinFreeBytes;
    }

    public void Dispose() => _trimming.Dispose();

    /// <param name="newest">Is not removed.</param>
    private async Task TrimAsync(long added, string? newest, long maxBytes, CancellationToken cancellationToken)
    {
        await _trimming.WaitAsync(cancellationToken);
        try
        {
            _bytes += added;
            if (_bytes <= maxBytes)
                return;
            var files = new List<StoredFile>();
            await foreach (var file in store.ListAsync(StoredFiles.Streams, cancellationToken))
                files.Add(file);
            var left = files.Sum(file => file.Size);
            if (left > maxBytes)
                foreach (var file in files.Where(file => file.Key != newest).OrderBy(LastUse))
                {
                    if (left <= maxBytes * Rest)
                        break;
                    await store.DeleteAsync(file.Key, cancellationToken);
                    left -= file.Size;
                    _used.TryRemove(file.Key, out _);
                }
            _bytes = left;
            foreach (var key in _used.Keys.Except(files.Select(file => file.Key)).ToList())
                _used.TryRemove(key, out _);
        }
        finally
        {
            _trimming.Release();
        }
    }

    private DateTimeOffset LastUse(StoredFile file) => _used.TryGetValue(file.Key, out var used) ? used : file.Written;
}
