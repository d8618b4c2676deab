using Hangfire;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Ends the removals of indexes that were cut short. Beside the other upkeep, which must not wait for a large one.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed partial class FinishRemovalsJob(Removals removals, ILogger<FinishRemovalsJob> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await removals.FinishAsync(cancellationToken) is > 0 and var indexes)
            LogFinished(logger, indexes);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed what was left of {Indexes} deleted indexes")]
    private static partial void LogFinished(ILogger logger, int indexes);
}
