using System.Security.Cryptography;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>Copies and hashes files, and sees to it that they are on the disk and not only in its cache.</summary>
internal static class HashedCopy
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Only the server's user can read the copy.</summary>
    /// <param name="source">What the copy is called, and when the original was written.</param>
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
        // Kept, because the janitor goes by it.
        File.SetLastWriteTimeUtc(target, source.Written.UtcDateTime);
        return new BackupFile(source.Key, size, Convert.ToHexStringLower(hash.GetHashAndReset()), source.Written);
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
