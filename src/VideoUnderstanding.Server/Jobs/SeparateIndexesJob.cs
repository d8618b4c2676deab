using Hangfire;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;

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
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created separate search tables for index {IndexId}")]
    private static partial void LogSeparated(ILogger logger, string indexId);
}
