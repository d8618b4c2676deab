using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Integrations;

namespace VideoUnderstanding.Server.Integrations;

/// <summary>Looks at the source of an integration, within a time, and writes down what was found.</summary>
public sealed class IntegrationLooks(IntegrationStore store, IntegrationFiles files, ObjectStore objects, WatchedFolders folders,
    IOptions<IntegrationOptions> options, TimeProvider clock)
{
    /// <summary>Whether the source can be read.</summary>
    /// <returns>A sentence that says why not; null if it can.</returns>
    public Task<string?> VerifyAsync(Integration integration, CancellationToken cancellationToken)
        => LookAsync(integration, async token =>
        {
            if (integration.Kind == IntegrationKind.Bucket)
                await objects.VerifyAsync(integration, token);
            else
                folders.List(integration.Folder!, 1, token);
        }, cancellationToken);

    /// <summary>Lists the video files again.</summary>
    /// <returns>A sentence that says why they cannot be listed; null if they were.</returns>
    public Task<string?> SynchroniseAsync(Integration integration, CancellationToken cancellationToken)
        => LookAsync(integration, async token =>
        {
            var most = options.Value.MaxFiles;
            var listing = integration.Kind == IntegrationKind.Bucket ? await objects.ListAsync(integration, most, token)
                : folders.List(integration.Folder!, most, token);
            await files.RecordAsync(integration, listing, token);
        }, cancellationToken);

    private async Task<string?> LookAsync(Integration integration, Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        var reason = integration.Kind == IntegrationKind.Folder
            && !await store.HasIndexAsync(integration.AccountId, integration.IndexId, cancellationToken)
            ? "The index of the folder was deleted. Choose another index."
            : await TryAsync(look, cancellationToken);
        await store.RecordStateAsync(integration, reason, cancellationToken);
        return reason;
    }

    private async Task<string?> TryAsync(Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.ListSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await look(either.Token);
            return null;
        }
        catch (ObjectException refused)
        {
            return ObjectFetcher.ReasonOf(refused);
        }
        catch (FetchException refused)
        {
            return refused.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"It took longer than {options.Value.ListSeconds} seconds to read the list of files.";
        }
    }
}
