using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>
/// Fetches addresses that users give: http and https only, from the public internet only unless configured otherwise, within bounds of size, time and redirects.
/// </summary>
public sealed class AddressFetcher : IDisposable
{
    private const int BlockSize = 128 * 1024;

    private readonly FetchingOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _client;

    public AddressFetcher(IOptions<FetchingOptions> options, GuardedConnections connections, TimeProvider clock)
    {
        (_options, _clock) = (options.Value, clock);
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = connections.ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(_options.ConnectSeconds),
            AllowAutoRedirect = false,
            // A proxy would resolve the name itself, out of reach of the check.
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("VideoUnderstanding/1.1");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Fetches into a new file and hashes on the way. A failure leaves no file.</summary>
    /// <param name="address">As the user gave it.</param>
    /// <param name="path">Where to write; replaced when it is there.</param>
    /// <param name="maxBytes">Larger content is refused, as soon as that can be told.</param>
    /// <param name="onProgress">Told the share that has arrived, 0 to 1, where the length is known.</param>
    /// <exception cref="FetchException">The address can not be fetched.</exception>
    public async Task<FetchedFile> FetchAsync(string address, string path, long maxBytes, Action<double> onProgress, CancellationToken cancellationToken)
    {
        using var total = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TotalSeconds), _clock);
        using var idle = new IdleTimer(TimeSpan.FromSeconds(_options.IdleSeconds), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(total.Token, idle.Token, cancellationToken);
        try
        {
            using var response = await OpenAsync(UserAddress.Parse(address), idle, either.Token);
            if (response.Content.Headers.ContentLength > maxBytes)
                throw TooLarge(maxBytes);
            return await SaveAsync(response, path, new Bounds(maxBytes, idle, onProgress), either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Sentence(exception, total.IsCancellationRequested) is { } sentence)
        {
            throw new FetchException(sentence, inner: exception);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(Uri address, IdleTimer idle, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            idle.Restart();
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
                return response;
            using (response)
            {
                if (!IsRedirect(response))
                    throw new FetchException($"The host {address.Host} answered with status {(int)response.StatusCode}.");
                if (redirects == _options.MaxRedirects)
                    throw new FetchException($"The address redirects more than {_options.MaxRedirects} times.");
                address = UserAddress.Follow(address, response.Headers.Location!);
            }
        }
    }

    private static async Task<FetchedFile> SaveAsync(HttpResponseMessage response, string path, Bounds bounds, CancellationToken cancellationToken)
    {
        var (length, received) = (response.Content.Headers.ContentLength, 0L);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            for (int read; (read = await content.ReadAsync(block, cancellationToken)) > 0;)
            {
                bounds.Idle.Restart();
                received += read;
                if (received > bounds.MaxBytes)
                    throw TooLarge(bounds.MaxBytes);
                hash.AppendData(block, 0, read);
                await file.WriteAsync(block.AsMemory(0, read), cancellationToken);
                if (length > 0)
                    bounds.OnProgress((double)received / length.Value);
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

    private static bool IsRedirect(HttpResponseMessage response)
        => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null;

    private static FetchException TooLarge(long maxBytes) => new($"The file is larger than {maxBytes} bytes.", tooLarge: true);

    /// <summary>What to tell the user; null for failures that are already told, or are the server's own.</summary>
    private string? Sentence(Exception exception, bool tookTooLong) => exception switch
    {
        FetchException => null,
        OperationCanceledException when tookTooLong => $"The transfer took longer than {_options.TotalSeconds} seconds.",
        OperationCanceledException => $"The host sent nothing for too long; the limit is {_options.IdleSeconds} seconds.",
        HttpRequestException { InnerException: FetchException refused } => refused.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "The certificate of the host is not valid.",
        HttpRequestException or HttpIOException or IOException { InnerException: System.Net.Sockets.SocketException } => "The host broke the transfer off or answered in a way that is not HTTP.",
        _ => null,
    };

    private sealed record Bounds(long MaxBytes, IdleTimer Idle, Action<double> OnProgress);
}
