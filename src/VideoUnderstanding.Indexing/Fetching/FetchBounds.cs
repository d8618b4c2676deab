using System.Buffers;
using System.Net.Sockets;
using System.Security.Cryptography;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Quotas;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>The bounds of one fetch, bytes, seconds in all and seconds without a byte; and the writing of what arrives within
/// them.</summary>
internal sealed class FetchBounds : IDisposable
{
    private const int BlockSize = 128 * 1024;

    private readonly FetchingOptions _options;
    private readonly long _maxBytes;
    private readonly Action<double> _onProgress;
    private readonly CancellationTokenSource _total;
    private readonly IdleTimer _idle;
    private readonly CancellationTokenSource _either;

    /// <param name="maxBytes">Larger content is refused, as soon as that can be told.</param>
    /// <param name="onProgress">Told the share that has arrived, 0 to 1, where the length is known.</param>
    public FetchBounds(
        FetchingOptions options, long maxBytes, Action<double> onProgress, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_options, _maxBytes, _onProgress) = (options, maxBytes, onProgress);
        _total = new CancellationTokenSource(TimeSpan.FromSeconds(options.TotalSeconds), clock);
        _idle = new IdleTimer(TimeSpan.FromSeconds(options.IdleSeconds), clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_total.Token, _idle.Token, cancellationToken);
    }

    /// <summary>Cancelled when a time is over or the caller cancels.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Something happened: the time without a byte begins anew.</summary>
    public void Alive() => _idle.Restart();

    /// <summary>Writes the content into a new file and hashes on the way. A failure leaves no file.</summary>
    /// <param name="length">Bytes, where they are known beforehand.</param>
    /// <param name="space">Where the bytes are counted; null when they count for nobody.</param>
    /// <exception cref="FetchException">There is too much of it.</exception>
    /// <exception cref="QuotaExceededException">There is no room for it.</exception>
    public async Task<FetchedFile> SaveAsync(Stream content, long? length, string path, SpaceReservation? space)
    {
        if (length > _maxBytes)
            throw TooLarge();
        if (space is not null)
            await space.ExpectAsync(length ?? 0, Token);
        var received = 0L;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            await using var file = PrivateFile.Open(path, FileMode.Create);
            for (int read; (read = await content.ReadAsync(block, Token)) > 0;)
            {
                Alive();
                received += read;
                if (received > _maxBytes)
                    throw TooLarge();
                if (space is not null)
                    await space.GrowAsync(read, Token);
                hash.AppendData(block, 0, read);
                await file.WriteAsync(block.AsMemory(0, read), Token);
                if (length > 0)
                    _onProgress((double)received / length.Value);
            }
            file.Flush(flushToDisk: true);
            return new FetchedFile(received, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>What to tell the user; null for failures that are already told, or are the server's own.</summary>
    public FetchException? Told(Exception exception) => exception switch
    {
        FetchException => null,
        // As long again, and again, would be too much.
        OperationCanceledException when _total.IsCancellationRequested
            => new($"The transfer took longer than {_options.TotalSeconds} seconds.", inner: exception),
        OperationCanceledException
            => new($"The host sent nothing for too long; the limit is {_options.IdleSeconds} seconds.", inner: exception, mayPass: true),
        HttpRequestException { InnerException: FetchException refused } => new(refused.Message, inner: exception, mayPass: refused.MayPass),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            => new("The certificate of the host is not valid.", inner: exception),
        HttpRequestException or HttpIOException or IOException { InnerException: SocketException }
            => new("The host broke the transfer off or answered in a way that is not HTTP.", inner: exception, mayPass: true),
        _ => null,
    };

    public void Dispose()
    {
        _either.Dispose();
        _idle.Dispose();
        _total.Dispose();
    }

    private FetchException TooLarge() => new($"The file is larger than {_maxBytes} bytes.", tooLarge: true);
}
