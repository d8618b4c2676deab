using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Integrations;

namespace VideoUnderstanding.Server.Integrations;

/// <summary>Reads the source of an integration with a timeout, and stores the result.</summary>
public sealed class IntegrationScanner(IntegrationStore store, IntegrationFiles files, ObjectStore objects, WatchedFolders folders,
    IOptions<IntegrationOptions> options, TimeProvider clock)
{
    /// <summary>Checks that the source can be read.</summary>
    /// <returns>The reason if it cannot be read; otherwise null.</returns>
    public Task<string?> VerifyAsync(Integration integration, CancellationToken cancellationToken)
        => ScanAsync(integration, async token =>
        {
            if (integration.Kind == IntegrationKind.Bucket)
                await objects.VerifyAsync(integration, token);
            else
                folders.List(integration.Folder!, 1, token);
        }, cancellationToken);

    /// <summary>Lists the video files and stores the list.</summary>
    /// <returns>The reason if they cannot be listed; otherwise null.</returns>
    public Task<string?> SynchroniseAsync(Integration integration, CancellationToken cancellationToken)
        => ScanAsync(integration, async token =>
        {
            var maxFiles = options.Value.MaxFiles;
            var listing = integration.Kind == IntegrationKind.Bucket ? await objects.ListAsync(integration, maxFiles, token)
                : folders.List(integration.Folder!, maxFiles, token);
            await files.RecordAsync(integration, listing, token);
        }, cancellationToken);

    private async Task<string?> ScanAsync(Integration integration, Func<CancellationToken, Task> scan, CancellationToken cancellationToken)
    {
        var reason = integration.Kind == IntegrationKind.Folder
            && !await store.HasIndexAsync(integration.AccountId, integration.IndexId, cancellationToken)
            ? "The index of the folder was deleted. Choose another index."
            : await RunAsync(scan, cancellationToken);
        await store.RecordStateAsync(integration, reason, cancellationToken);
        return reason;
    }

    private async Task<string?> RunAsync(Func<CancellationToken, Task> scan, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.ListSeconds), clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await scan(linked.Token);
            return null;
        }
        catch (ObjectException failure)
        {
            return ObjectFetcher.ReasonOf(failure);
        }
        catch (FetchException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"It took longer than {options.Value.ListSeconds} seconds to read the list of files.";
        }
    }
}
