using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Quotas;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Fetches whatever a task's row names: addresses of the web, objects of a store, files of the shared folder.</summary>
public sealed class SourceFetcher(
    AddressFetcher addresses, ObjectFetcher objects, SharedFolder folder, IOptions<FetchingOptions> options, TimeProvider clock)
{
    /// <inheritdoc cref="AddressFetcher.FetchAsync"/>
    public Task<FetchedFile> FetchAsync(string address, string path, long maxBytes, Action<double> onProgress, SpaceReservation? space,
        CancellationToken cancellationToken)
    {
        if (TransferSources.IsObject(address))
            return objects.FetchAsync(address, path, maxBytes, onProgress, space, cancellationToken);
        return TransferSources.IsFile(address)
            ? CopyAsync(address, path, maxBytes, onProgress, space, cancellationToken)
            : addresses.FetchAsync(address, path, maxBytes, onProgress, space, cancellationToken);
    }

    private async Task<FetchedFile> CopyAsync(string address, string path, long maxBytes, Action<double> onProgress,
        SpaceReservation? space, CancellationToken cancellationToken)
    {
        using var bounds = new FetchBounds(options.Value, maxBytes, onProgress, clock, cancellationToken);
        try
        {
            await using var file = folder.Open(address);
            return await bounds.SaveAsync(file, file.Length, path, space);
        }
        catch (FormatException malformed)
        {
            throw new FetchException(malformed.Message, inner: malformed);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested && bounds.Told(exception) is { } told)
        {
            throw told;
        }
    }
}
