using Hangfire;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Integrations;

/// <summary>Lists the files of an integration. For a watched folder, also creates tasks for new files that no longer change.</summary>
[Queue(JobQueues.Integrations), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed partial class SynchroniseIntegrationJob(IntegrationStore store, IntegrationScanner scanner, IntegrationTransfers transfers,
    IOptions<IntegrationOptions> options, ILogger<SynchroniseIntegrationJob> logger)
{
    public async Task RunAsync(string integrationId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(integrationId, cancellationToken) is not { } integration)
            return;
        var reason = await scanner.SynchroniseAsync(integration, cancellationToken);
        if (reason is null && integration.Kind == IntegrationKind.Folder)
            reason = await TransferNewFilesAsync(integration, cancellationToken);
        await store.ClearSyncRequestAsync(integration, cancellationToken);
        if (reason is not null)
            LogFailed(logger, integrationId, reason);
    }

    private async Task<string?> TransferNewFilesAsync(Integration folder, CancellationToken cancellationToken)
    {
        try
        {
            var count = await transfers.StartAsync(folder, new StartTransferRequest(),
                TimeSpan.FromSeconds(options.Value.SettleSeconds), options.Value.FilesPerScan, new Caller(folder.AccountId, folder.Id),
                cancellationToken);
            if (count > 0)
                LogTransferStarted(logger, folder.Id, count);
            return null;
        }
        catch (ApiException refused)
        {
            await store.RecordStateAsync(folder, refused.Error.Message, cancellationToken);
            return refused.Error.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Integration {IntegrationId}: {Count} new files of the folder are being indexed")]
    private static partial void LogTransferStarted(ILogger logger, string integrationId, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Integration {IntegrationId} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string integrationId, string reason);
}

/// <summary>Queues the synchronisation of watched folders, and requested ones that are not in the queue.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class WatchIntegrationsJob(IntegrationStore store, WaitingJobs waiting, IBackgroundJobClient jobs)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var queued = waiting.Read<SynchroniseIntegrationJob>(JobQueues.Integrations);
        foreach (var id in await store.DueAsync(cancellationToken))
            if (!queued.Contains(id))
                jobs.Enqueue<SynchroniseIntegrationJob>(job => job.RunAsync(id, CancellationToken.None));
    }
}
