using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VideoUnderstanding.Data.Storage;

/// <summary>Cleans up the bucket at start and every hour, on every server, because each has its own local copies.</summary>
internal sealed partial class BucketCleanup(IFileStore store, TimeProvider clock, ILogger<BucketCleanup> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store is not BucketStore bucket)
            return;
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                if (await bucket.CleanUpAsync(stoppingToken).ConfigureAwait(false) is > 0 and var uploads)
                    LogAborted(logger, uploads);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // All exceptions are caught, because an exception of a background service stops the server. A store that does not answer
                // causes a TimeoutException, for example.
                LogFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Information, Message = "Aborted {Uploads} unfinished uploads to the bucket")]
    private static partial void LogAborted(ILogger logger, int uploads);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "Cleaning up the bucket failed; the next attempt is in an hour")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
