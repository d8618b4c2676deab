using Hangfire;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Integrations;

/// <summary>Lists the files of an integration in the background. Of a watched folder it hands over new files that have stopped
/// changing.</summary>
[Queue(JobQueues.Integrations), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed partial class SynchroniseIntegrationJob(IntegrationStore store, IntegrationLooks looks, IntegrationTransfers transfers,
    IOptions<IntegrationOptions> options, ILogger<SynchroniseIntegrationJob> logger)
{
    public async Task RunAsync(string integrationId, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(integrationId, cancellationToken) is not { } integration)
            return;
        var reason = await looks.SynchroniseAsync(integration, cancellationToken);
        if (reason is null && integration.Kind == IntegrationKind.Folder)
            reason = await HandOverAsync(integration, cancellationToken);
        await store.ClearSyncRequestAsync(integration, cancellationToken);
        if (reason is not null)
            LogFailed(logger, integrationId, reason);
    }

    private async Task<string?> HandOverAsync(Integration folder, CancellationToken cancellationToken)
    {
        try
        {
            var count = await transfers.StartAsync(folder, new StartTransferRequest(),
                TimeSpan.FromSeconds(options.Value.SettleSeconds), options.Value.FilesPerLook, new Caller(folder.AccountId, folder.Id),
                cancellationToken);
            if (count > 0)
                LogHandedOver(logger, folder.Id, count);
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
    private static partial void LogHandedOver(ILogger logger, string integrationId, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Integration {IntegrationId} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string integrationId, string reason);
}

/// <summary>Queues a look at every watched folder, and at what a user has asked for and is in no queue.</summary>
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
