using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Stores playlists and segments, and removes the least recently used files if the cache exceeds its limit.</summary>
public sealed class StreamCache(
    IFileStore store, DataFolder folder, IOptions<StorageOptions> storage, IOptions<StreamingOptions> options, TimeProvider clock)
    : IDisposable
{
    /// <summary>Share of the limit that remains after a removal, so that not every new file triggers one.</summary>
    private const double RemainingShare = 0.9;

    private readonly SemaphoreSlim _trimming = new(1);

    // Time of last use by key. A file without an entry was last used when it was written.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _lastUse = [];

    private long MaxBytes => options.Value.CacheMegabytes * 1024L * 1024;

    // Upper bound for the stored bytes, because other code also deletes files. Null before the first count.
    private long? _bytes;

    /// <returns>Null if the file is not in the cache.</returns>
    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var stream = await store.OpenAsync(key, cancellationToken);
        if (stream is not null)
            _lastUse[key] = clock.GetUtcNow();
        return stream;
    }

    /// <summary>Moves a local file into the cache and removes other files if the limit is exceeded.</summary>
    public async Task AddAsync(string key, string localPath, CancellationToken cancellationToken)
    {
        var size = new FileInfo(localPath).Length;
        await store.MoveInAsync(key, localPath, cancellationToken);
        _lastUse[key] = clock.GetUtcNow();
        await TrimAsync(size, key, MaxBytes, cancellationToken);
    }

    /// <summary>Frees disk space by removing all cached files if less than the minimum is free.</summary>
    /// <returns>False if the disk is full even without the cache.</returns>
    public async Task<bool> EnsureDiskSpaceAsync(CancellationToken cancellationToken)
    {
        if (folder.FreeBytes >= storage.Value.MinFreeBytes)
            return true;
        // A bucket uses no space of this disk, and all servers share it.
        if (store is BucketStore)
            return false;
        await TrimAsync(0, null, 0, cancellationToken);
        return folder.FreeBytes >= storage.Value.MinFreeBytes;
    }

    public void Dispose() => _trimming.Dispose();

    /// <param name="keepKey">Key that is not removed; null for none.</param>
    private async Task TrimAsync(long added, string? keepKey, long maxBytes, CancellationToken cancellationToken)
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
            var remaining = files.Sum(file => file.Size);
            if (remaining > maxBytes)
                foreach (var file in files.Where(file => file.Key != keepKey).OrderBy(LastUseOf))
                {
                    if (remaining <= maxBytes * RemainingShare)
                        break;
                    await store.DeleteAsync(file.Key, cancellationToken);
                    remaining -= file.Size;
                    _lastUse.TryRemove(file.Key, out _);
                }
            _bytes = remaining;
            foreach (var key in _lastUse.Keys.Except(files.Select(file => file.Key)).ToList())
                _lastUse.TryRemove(key, out _);
        }
        finally
        {
            _trimming.Release();
        }
    }

    private DateTimeOffset LastUseOf(StoredFile file) => _lastUse.TryGetValue(file.Key, out var used) ? used : file.Written;
}
