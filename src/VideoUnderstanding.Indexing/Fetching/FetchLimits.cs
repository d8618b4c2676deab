using System.Buffers;
using System.Net.Sockets;
using System.Security.Cryptography;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Quotas;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Enforces the limits of one download (size, total time, idle time) and writes the content to a file.</summary>
internal sealed class FetchLimits : IDisposable
{
    private const int BlockSize = 128 * 1024;

    private readonly FetchingOptions _options;
    private readonly long _maxBytes;
    private readonly Action<double> _onProgress;
    private readonly CancellationTokenSource _total;
    private readonly IdleTimer _idle;
    private readonly CancellationTokenSource _either;

    /// <param name="maxBytes">Maximum size in bytes; larger content is rejected as early as possible.</param>
    /// <param name="onProgress">Called with the received share, 0 to 1, if the length is known.</param>
    public FetchLimits(
        FetchingOptions options, long maxBytes, Action<double> onProgress, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_options, _maxBytes, _onProgress) = (options, maxBytes, onProgress);
        _total = new CancellationTokenSource(TimeSpan.FromSeconds(options.TotalSeconds), clock);
        _idle = new IdleTimer(TimeSpan.FromSeconds(options.IdleSeconds), clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_total.Token, _idle.Token, cancellationToken);
    }

    /// <summary>Cancelled on a timeout or by the caller.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Restarts the idle timeout.</summary>
    public void ResetIdleTimeout() => _idle.Restart();

    /// <summary>Writes the content to a new file and computes its hash. Deletes the file on failure.</summary>
    /// <param name="length">Length in bytes; null if unknown.</param>
    /// <param name="space">Reservation that counts the bytes; null to count none.</param>
    /// <exception cref="FetchException">The content exceeds the maximum size.</exception>
    /// <exception cref="QuotaExceededException">The content exceeds a storage quota.</exception>
    public async Task<FetchedFile> SaveAsync(Stream content, long? length, string path, SpaceReservation? space)
    {
        if (length > _maxBytes)
            throw TooLarge();
        if (space is not null)
            await space.CheckFitsAsync(length ?? 0, Token);
        var received = 0L;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            await using var file = PrivateFile.Open(path, FileMode.Create);
            for (int read; (read = await content.ReadAsync(block, Token)) > 0;)
            {
                ResetIdleTimeout();
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

    /// <summary>Converts a failure to an exception with a message for the user; null for failures that have one already or are
    /// internal.</summary>
    public FetchException? ToFetchException(Exception exception) => exception switch
    {
        FetchException => null,
        // Not transient: a retry would take as long again.
        OperationCanceledException when _total.IsCancellationRequested
            => new($"The transfer took longer than {_options.TotalSeconds} seconds.", inner: exception),
        OperationCanceledException
            => new($"The host sent nothing for too long; the limit is {_options.IdleSeconds} seconds.", inner: exception,
                isTransient: true),
        HttpRequestException { InnerException: FetchException refused }
            => new(refused.Message, inner: exception, isTransient: refused.IsTransient),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            => new("The certificate of the host is not valid.", inner: exception),
        HttpRequestException or HttpIOException or IOException { InnerException: SocketException }
            => new("The host interrupted the transfer or answered in a way that is not HTTP.", inner: exception, isTransient: true),
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

/// <summary>Cancels its token if it is not restarted within the limit.</summary>
internal sealed class IdleTimer(TimeSpan limit, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _source = new(limit, clock);

    public CancellationToken Token => _source.Token;

    public void Restart() => _source.CancelAfter(limit);

    public void Dispose() => _source.Dispose();
}
