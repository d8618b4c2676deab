using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Data.Quotas;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Fetches <c>s3://</c> addresses through the configured integrations.</summary>
public sealed class ObjectFetcher(ObjectStore store, IOptions<FetchingOptions> options, TimeProvider clock)
{
    /// <inheritdoc cref="SourceFetcher.FetchAsync"/>
    public async Task<FetchedFile> FetchAsync(string address, string accountId, string path, long maxBytes, Action<double> onProgress,
        SpaceReservation? space, CancellationToken cancellationToken)
    {
        using var bounds = new FetchBounds(options.Value, maxBytes, onProgress, clock, cancellationToken);
        try
        {
            using var opened = await store.OpenAsync(ObjectAddress.Parse(address), accountId, bounds.Token);
            bounds.Alive();
            return await bounds.SaveAsync(opened.Content, opened.Length, path, space);
        }
        catch (FormatException malformed)
        {
            throw new FetchException(malformed.Message, inner: malformed);
        }
        catch (ObjectException refused)
        {
            var guard = Guard(refused);
            throw new FetchException(guard?.Message ?? refused.Message, inner: refused, mayPass: guard?.MayPass ?? refused.MayPass);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && bounds.Told(exception) is { } told)
        {
            throw told;
        }
    }

    /// <summary>What to tell the user: the sentence of the guard of the connections, if it was the one that refused.</summary>
    public static string ReasonOf(ObjectException refused) => Guard(refused)?.Message ?? refused.Message;

    private static FetchException? Guard(Exception exception)
    {
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
            if (cause is FetchException refused)
                return refused;
        return null;
    }
}
