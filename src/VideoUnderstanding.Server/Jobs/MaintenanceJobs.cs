using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Upkeep;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Creates separate search tables for each index that is too large for the shared ones.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed partial class SeparateIndexesJob(
    VideoDbContext db, IOptions<SearchTableOptions> options, ILogger<SeparateIndexesJob> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var indexId in await SearchTableStore.LargeSharedAsync(db, options.Value.SharedRows, cancellationToken))
            if (await SearchTableStore.SeparateAsync(db, indexId, cancellationToken))
                LogSeparated(logger, indexId);
        foreach (var indexId in await db.SearchTableSets.Select(set => set.IndexId).ToListAsync(cancellationToken))
            if (await SearchTableStore.IndexVectorsAsync(db, indexId, options.Value.SharedRows, cancellationToken))
                LogIndexed(logger, indexId);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created separate search tables for index {IndexId}")]
    private static partial void LogSeparated(ILogger logger, string indexId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Created vector indexes for index {IndexId}, which has grown")]
    private static partial void LogIndexed(ILogger logger, string indexId);
}

/// <summary>Finishes interrupted deletions of indexes. A separate job, so that a large deletion does not delay other maintenance.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed partial class FinishRemovalsJob(Removals removals, ILogger<FinishRemovalsJob> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await removals.FinishAsync(cancellationToken) is > 0 and var indexes)
            LogFinished(logger, indexes);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Finished the removal of {Indexes} deleted indexes")]
    private static partial void LogFinished(ILogger logger, int indexes);
}

/// <summary>Deletes stored results whose pages have expired.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class ForgetAnswersJob(StorageCleanup cleanup)
{
    public Task RunAsync(CancellationToken cancellationToken) => cleanup.DeleteExpiredAnswersAsync(cancellationToken);
}

/// <summary>Deletes expired and orphaned files, webhook events and attempts.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class TidyUpJob(StorageCleanup cleanup, WebhookCleanup webhooks)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await cleanup.CleanUpAsync(cancellationToken);
        await webhooks.CleanUpAsync(cancellationToken);
    }
}
