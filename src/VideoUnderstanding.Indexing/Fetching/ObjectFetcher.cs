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
        using var limits = new FetchLimits(options.Value, maxBytes, onProgress, clock, cancellationToken);
        try
        {
            using var opened = await store.OpenAsync(ObjectAddress.Parse(address), accountId, limits.Token);
            limits.ResetIdleTimeout();
            return await limits.SaveAsync(opened.Content, opened.Length, path, space);
        }
        catch (FormatException malformed)
        {
            throw new FetchException(malformed.Message, inner: malformed);
        }
        catch (ObjectException refused)
        {
            var guard = Guard(refused);
            throw new FetchException(guard?.Message ?? refused.Message, inner: refused,
                isTransient: guard?.IsTransient ?? refused.IsTransient);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && limits.ToFetchException(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Returns the message for the user: that of the connection check if it rejected the connection, otherwise that of the
    /// store.</summary>
    public static string ReasonOf(ObjectException refused) => Guard(refused)?.Message ?? refused.Message;

    private static FetchException? Guard(Exception exception)
    {
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
            if (cause is FetchException refused)
                return refused;
        return null;
    }
}
