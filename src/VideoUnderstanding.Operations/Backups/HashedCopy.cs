using System.Security.Cryptography;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>Copies and hashes files, and flushes them to disk.</summary>
internal static class HashedCopy
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Only the server's user can read the copy.</summary>
    /// <param name="source">Name of the copy, and last write time of the original.</param>
    public static async Task<BackupFile> WriteAsync(
        Stream from, StoredFile source, string target, Action<long> onBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        await using (var to = PrivateFile.Open(target, FileMode.CreateNew))
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
        // The cleanup uses the last write time.
        File.SetLastWriteTimeUtc(target, source.Written.UtcDateTime);
        return new BackupFile(source.Key, size, Convert.ToHexStringLower(hash.GetHashAndReset()), source.Written);
    }

    public static async Task<BackupFile> ReadAsync(string path, string name, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BlockBytes, useAsync: true);
        return new BackupFile(name, stream.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)));
    }

    /// <summary>Flushes a file that another process wrote to disk.</summary>
    public static void Flush(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }
}
