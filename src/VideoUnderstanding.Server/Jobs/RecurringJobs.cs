using Hangfire;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Integrations;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Registers the recurring jobs. Most also run at start, so that recovery after a crash does not wait for the schedule.</summary>
public sealed partial class RecurringJobs(
    IRecurringJobManager recurring, IBackgroundJobClient jobs, IOptions<IndexingOptions> indexing, TimeProvider clock,
    ILogger<RecurringJobs> logger) : BackgroundService
{
    private static readonly TimeSpan InitialDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(15);

    /// <summary>Six fields: the first is seconds.</summary>
    private const string TwiceAMinute = "*/30 * * * * *";

    private const string EveryMinute = "* * * * *";

    private const string EveryFiveMinutes = "*/5 * * * *";

    private const string TwicePerHour = "13,43 * * * *";

    /// <summary>Runs in the background, because the start of the server must not fail when the database is unavailable.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var delay = InitialDelay; ; delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, MaxDelay.Ticks)))
        {
            try
            {
                RegisterJobs();
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // All exceptions are caught, because an exception of a background service stops the server. Hangfire's lock timeout has its
                // own exception type.
                LogNotRegistered(logger, failure);
                await Task.Delay(delay, clock, stoppingToken);
            }
        }
    }

    private void RegisterJobs()
    {
        recurring.AddOrUpdate<StartTasksJob>("start-tasks", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            EverySeconds(indexing.Value.SweepSeconds));
        recurring.AddOrUpdate<SweepWebhooksJob>("sweep-webhooks", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            TwiceAMinute);
        recurring.AddOrUpdate<ForgetAnswersJob>("forget-answers", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            EveryMinute);
        recurring.AddOrUpdate<TidyUpJob>("tidy-up", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None), TwicePerHour);
        recurring.AddOrUpdate<FinishRemovalsJob>("finish-removals", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            TwicePerHour);
        recurring.AddOrUpdate<SeparateIndexesJob>("separate-indexes", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            EveryFiveMinutes);
        recurring.AddOrUpdate<WatchIntegrationsJob>("watch-integrations", JobQueues.Maintenance,
            job => job.RunAsync(CancellationToken.None), EveryMinute);
        jobs.Enqueue<StartTasksJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<SweepWebhooksJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<ForgetAnswersJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<TidyUpJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<FinishRemovalsJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<SeparateIndexesJob>(job => job.RunAsync(CancellationToken.None));
    }

    /// <summary>Returns a cron expression with seconds. 60 is not a valid step, so it becomes second 0.</summary>
    private static string EverySeconds(int seconds) => seconds == 60 ? "0 * * * * *" : $"*/{seconds} * * * * *";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The recurring jobs could not be registered; the registration will be retried")]
    private static partial void LogNotRegistered(ILogger logger, Exception exception);
}
