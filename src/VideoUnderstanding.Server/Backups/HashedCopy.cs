using System.Security.Cryptography;

namespace VideoUnderstanding.Server.Backups;

/// <summary>Copies and hashes files, and sees to it that they are on the disk and not only in its cache.</summary>
internal static class HashedCopy
{
    private const int BlockBytes = 1 << 20;

    /// <param name="mode">Null for what the system gives new files.</param>
    public static async Task<BackupFile> WriteAsync(string source, string target, string name, UnixFileMode? mode, Action<long> onBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (mode is { } wanted)
            options.UnixCreateMode = wanted;
        var written = File.GetLastWriteTimeUtc(source);
        long size = 0;
        await using (var to = new FileStream(target, options))
        {
            var block = new byte[BlockBytes];
            while (await from.ReadAsync(block, cancellationToken) is var count and > 0)
            {
                hash.AppendData(block, 0, count);
                await to.WriteAsync(block.AsMemory(0, count), cancellationToken);
                size += count;
                onBytes(count);
            }
            to.Flush(flushToDisk: true);
        }
        // Kept, because the janitor goes by it.
        File.SetLastWriteTimeUtc(target, written);
        return new BackupFile(name, size, Convert.ToHexStringLower(hash.GetHashAndReset()), new DateTimeOffset(written, TimeSpan.Zero));
    }

    public static async Task<BackupFile> ReadAsync(string path, string name, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockBytes, useAsync: true);
        return new BackupFile(name, stream.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)));
    }

    /// <summary>Puts a file on the disk that was written by somebody else.</summary>
    public static void Flush(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }
}
