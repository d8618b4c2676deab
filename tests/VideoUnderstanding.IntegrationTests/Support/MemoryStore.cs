using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Simulates a bucket on another machine. Files have no path; programs get temporary copies, and clients may be redirected to an
/// address of the store.</summary>
public sealed class MemoryStore : IFileStore
{
    private readonly ConcurrentDictionary<string, (byte[] Content, DateTimeOffset Written)> _files = [];

    public IReadOnlyCollection<string> Keys => [.. _files.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Number of temporary copies that were not disposed.</summary>
    public int OpenCopies { get; private set; }

    /// <summary>Start of the download addresses; null if the store has none.</summary>
    public string? Address { get; set; }

    public async Task WriteAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await content.CopyToAsync(memory, cancellationToken);
        _files[key] = (memory.ToArray(), TimeProvider.System.GetUtcNow());
    }

    public async Task MoveInAsync(string key, string localPath, CancellationToken cancellationToken)
    {
        await using (var file = File.OpenRead(localPath))
            await WriteAsync(key, file, cancellationToken);
        File.Delete(localPath);
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
        => Task.FromResult<Stream?>(_files.TryGetValue(key, out var file) ? new MemoryStream(file.Content) : null);

    public async Task<LocalCopy?> OpenLocalAsync(string key, CancellationToken cancellationToken)
    {
        if (!_files.TryGetValue(key, out var file))
            return null;
        var path = Path.Combine(Path.GetTempPath(), $"vu-copy-{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(path, file.Content, cancellationToken);
        OpenCopies++;
        return new LocalCopy(path, () =>
        {
            File.Delete(path);
            OpenCopies--;
        });
    }

    public Task<StoredFile?> FindAsync(string key, CancellationToken cancellationToken)
        => Task.FromResult(_files.TryGetValue(key, out var file) ? new StoredFile(key, file.Content.Length, file.Written)
            : (StoredFile?)null);

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var (key, file) in _files.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal)))
            yield return new StoredFile(key, file.Content.Length, file.Written);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        _files.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public Uri? CreateDownloadAddress(string key, string mediaType, TimeSpan life)
        => Address is null ? null : new Uri($"{Address}{key}?type={Uri.EscapeDataString(mediaType)}&seconds={life.TotalSeconds}");
}
