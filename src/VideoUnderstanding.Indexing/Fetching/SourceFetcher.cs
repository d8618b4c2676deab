using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Quotas;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Fetches the source of a task: a URL, an object of a store, or a file of a shared folder.</summary>
public sealed class SourceFetcher(
    AddressFetcher addresses, ObjectFetcher objects, SharedFolder folder, AccountIntegrations accounts, IOptions<FetchingOptions> options,
    TimeProvider clock)
{
    /// <inheritdoc cref="AddressFetcher.FetchAsync"/>
    /// <param name="accountId">Account whose integrations are used in addition to those of the settings.</param>
    public Task<FetchedFile> FetchAsync(string address, string accountId, string path, long maxBytes, Action<double> onProgress,
        SpaceReservation? space, CancellationToken cancellationToken)
    {
        if (TransferSources.IsObject(address))
            return objects.FetchAsync(address, accountId, path, maxBytes, onProgress, space, cancellationToken);
        return TransferSources.IsFile(address)
            ? CopyAsync(address, accountId, path, maxBytes, onProgress, space, cancellationToken)
            : addresses.FetchAsync(address, path, maxBytes, onProgress, space, cancellationToken);
    }

    private async Task<FetchedFile> CopyAsync(string address, string accountId, string path, long maxBytes, Action<double> onProgress,
        SpaceReservation? space, CancellationToken cancellationToken)
    {
        using var limits = new FetchLimits(options.Value, maxBytes, onProgress, clock, cancellationToken);
        try
        {
            await using var file = folder.Open(address, await accounts.OfAsync(accountId, limits.Token));
            return await limits.SaveAsync(file, file.Length, path, space);
        }
        catch (FormatException malformed)
        {
            throw new FetchException(malformed.Message, inner: malformed);
        }
        catch (OperationCanceledException exception)
            when (!cancellationToken.IsCancellationRequested && limits.ToFetchException(exception) is { } failure)
        {
            throw failure;
        }
    }
}

/// <summary>An address could not be fetched. The message is for the user and contains no internal addresses.</summary>
public sealed class FetchException(string message, bool tooLarge = false, Exception? inner = null, bool isTransient = false)
    : Exception(message, inner)
{
    public bool TooLarge { get; } = tooLarge;

    /// <summary>True if the failure can be temporary, so a retry may succeed.</summary>
    public bool IsTransient { get; } = isTransient;
}

/// <summary>A downloaded file.</summary>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hexadecimal.</param>
public sealed record FetchedFile(long Bytes, string Sha256)
{
    /// <summary>File name from the Content-Disposition header; null without one.</summary>
    public string? Filename { get; init; }
}
