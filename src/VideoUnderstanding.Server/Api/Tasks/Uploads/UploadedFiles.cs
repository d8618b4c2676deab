using System.Security.Cryptography;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>Writes files of request bodies to disk block by block, and computes size and SHA-256.</summary>
public sealed class UploadedFiles(DataFolder folder)
{
    private const int BlockBytes = 128 * 1024;

    /// <exception cref="ApiException">The file has more than <paramref name="maxBytes"/> bytes (<paramref name="tooLarge"/>), or the disk
    /// is full. No file is left on disk.</exception>
    /// <exception cref="QuotaExceededException">The file does not fit into <paramref name="space"/>. No file is left on disk.</exception>
    public async Task<ReceivedFile> ReceiveAsync(
        Stream body, string filename, long maxBytes, ApiError tooLarge, SpaceReservation? space, CancellationToken cancellationToken)
    {
        var path = folder.NewTemporaryPath();
        try
        {
            await using var file = PrivateFile.Open(path, FileMode.CreateNew);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var block = new byte[BlockBytes];
            long size = 0;
            for (int read; (read = await ReadAsync(body, block, cancellationToken)) > 0;)
            {
                size += read;
                if (size > maxBytes)
                    throw new ApiException(tooLarge);
                if (space is not null)
                    await space.GrowAsync(read, cancellationToken);
                hash.AppendData(block, 0, read);
                await file.WriteAsync(block.AsMemory(0, read), cancellationToken);
            }
            // Flushed to the disk, so that an accepted file survives a crash of the machine.
            file.Flush(flushToDisk: true);
            return new ReceivedFile(path, filename, size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (Exception failure) when (DiskSpace.IsDiskFull(failure))
        {
            File.Delete(path);
            throw new ApiException(ApiError.UsageLimit("The server has not enough free disk space for this upload."));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static ValueTask<int> ReadAsync(Stream body, byte[] block, CancellationToken cancellationToken)
        => BodyReads.GuardAsync(() => body.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken));
}

/// <summary>A received file in the folder of unfinished files.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Filename">The client's file name without folders, for display only.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hexadecimal.</param>
public sealed record ReceivedFile(string Path, string Filename, long Size, string Sha256);
