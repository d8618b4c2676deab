using System.Net;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Indexing.Filenames;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>
/// Downloads from URLs that users provide: http and https only, from public addresses only unless configured otherwise, with limits for
/// size, time and redirects.
/// </summary>
public sealed class AddressFetcher : IDisposable
{
    private readonly FetchingOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _client;

    public AddressFetcher(IOptions<FetchingOptions> options, GuardedConnections connections, TimeProvider clock)
    {
        (_options, _clock) = (options.Value, clock);
        var handler = connections.NewHandler();
        handler.ConnectTimeout = TimeSpan.FromSeconds(_options.ConnectSeconds);
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("VideoUnderstanding/1.1");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Downloads to a file and computes its hash. Deletes the file on failure.</summary>
    /// <param name="address">URL as provided by the user.</param>
    /// <param name="path">Target path; an existing file is replaced.</param>
    /// <param name="maxBytes">Maximum size in bytes; larger content is rejected as early as possible.</param>
    /// <param name="onProgress">Called with the received share, 0 to 1, if the length is known.</param>
    /// <param name="space">Reservation that counts the bytes; null to count none.</param>
    /// <exception cref="FetchException">The URL cannot be fetched.</exception>
    /// <exception cref="QuotaExceededException">The content exceeds a storage quota.</exception>
    public async Task<FetchedFile> FetchAsync(string address, string path, long maxBytes, Action<double> onProgress,
        SpaceReservation? space, CancellationToken cancellationToken)
    {
        using var limits = new FetchLimits(_options, maxBytes, onProgress, _clock, cancellationToken);
        try
        {
            using var response = await OpenAsync(UserAddress.Parse(address), limits);
            // HttpClient ignores an invalid Content-Length and would accept a truncated file as complete.
            if (response.Content.Headers is { ContentLength: null, NonValidated: var sent } && sent.Contains("Content-Length"))
                throw new FetchException("The host does not give the length of the file as a number.");
            await using var content = await response.Content.ReadAsStreamAsync(limits.Token);
            var saved = await limits.SaveAsync(content, response.Content.Headers.ContentLength, path, space);
            return saved with { Filename = FilenameOf(response) };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && limits.ToFetchException(exception) is { } failure)
        {
            throw failure;
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(Uri address, FetchLimits limits)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            limits.ResetIdleTimeout();
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limits.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return response;
            using (response)
            {
                if (!IsRedirect(response))
                    throw new FetchException($"The host {address.Host} answered with status {(int)response.StatusCode}.",
                        isTransient: response.StatusCode.IsTransient());
                if (redirects == _options.MaxRedirects)
                    throw new FetchException($"The address redirects more than {_options.MaxRedirects} times.");
                address = UserAddress.ResolveRedirect(address, response.Headers.Location!);
            }
        }
    }

    private static string? FilenameOf(HttpResponseMessage response)
        => response.Content.Headers.NonValidated.TryGetValues("Content-Disposition", out var values) && values.Count > 0
            ? ContentDisposition.Parse(values.First()).Filename(isForm: false)
            : null;

    private static bool IsRedirect(HttpResponseMessage response)
        => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null;
}
