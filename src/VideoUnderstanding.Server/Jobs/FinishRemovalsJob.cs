using Hangfire;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Jobs;

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
