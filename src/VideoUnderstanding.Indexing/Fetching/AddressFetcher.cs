using System.Net;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Indexing.Filenames;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>
/// Fetches addresses that users give: http and https only, from the public internet only unless configured otherwise, within bounds of
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

    /// <summary>Fetches into a new file and hashes on the way. A failure leaves no file.</summary>
    /// <param name="address">As the user gave it.</param>
    /// <param name="path">Where to write; replaced when it is there.</param>
    /// <param name="maxBytes">Larger content is refused, as soon as that can be told.</param>
    /// <param name="onProgress">Told the share that has arrived, 0 to 1, where the length is known.</param>
    /// <param name="space">Where the bytes are counted; null when they count for nobody.</param>
    /// <exception cref="FetchException">The address can not be fetched.</exception>
    /// <exception cref="QuotaExceededException">There is no room for what it holds.</exception>
    public async Task<FetchedFile> FetchAsync(string address, string path, long maxBytes, Action<double> onProgress,
        SpaceReservation? space, CancellationToken cancellationToken)
    {
        using var bounds = new FetchBounds(_options, maxBytes, onProgress, _clock, cancellationToken);
        try
        {
            using var response = await OpenAsync(UserAddress.Parse(address), bounds);
            // A length that is no number would be passed over, and whatever came until the end be taken for the whole.
            if (response.Content.Headers is { ContentLength: null, NonValidated: var sent } && sent.Contains("Content-Length"))
                throw new FetchException("The host does not tell the length of the file as a number.");
            await using var content = await response.Content.ReadAsStreamAsync(bounds.Token);
            var saved = await bounds.SaveAsync(content, response.Content.Headers.ContentLength, path, space);
            return saved with { Filename = FilenameOf(response) };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && bounds.Told(exception) is { } told)
        {
            throw told;
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(Uri address, FetchBounds bounds)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            bounds.Alive();
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, bounds.Token);
            if (response.StatusCode == HttpStatusCode.OK)
                return response;
            using (response)
            {
                if (!IsRedirect(response))
                    throw new FetchException($"The host {address.Host} answered with status {(int)response.StatusCode}.",
                        mayPass: response.StatusCode.MayPass());
                if (redirects == _options.MaxRedirects)
                    throw new FetchException($"The address redirects more than {_options.MaxRedirects} times.");
                address = UserAddress.Follow(address, response.Headers.Location!);
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
