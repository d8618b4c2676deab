using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VideoUnderstanding.Data.Storage;

/// <summary>Tidies the bucket at the start and every hour. It runs on every server, because each has local copies of its own.</summary>
internal sealed partial class BucketUpkeep(IFileStore store, TimeProvider clock, ILogger<BucketUpkeep> logger) : BackgroundService
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
                if (await bucket.TidyAsync(stoppingToken).ConfigureAwait(false) is > 0 and var uploads)
                    LogAborted(logger, uploads);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: an exception of a background service stops the server. A store that does not answer at all ends in a
                // TimeoutException, for example.
                LogFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Information, Message = "Aborted {Uploads} unfinished uploads to the bucket")]
    private static partial void LogAborted(ILogger logger, int uploads);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "The bucket could not be tidied; it will be tried again in an hour")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
