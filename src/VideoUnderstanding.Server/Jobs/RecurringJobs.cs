using Hangfire;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Integrations;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>The timetable. All jobs also run at once: after a crash nobody should wait for the next full minute.</summary>
public sealed partial class RecurringJobs(
    IRecurringJobManager timetable, IBackgroundJobClient jobs, IOptions<IndexingOptions> indexing, TimeProvider clock,
    ILogger<RecurringJobs> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Seconds first: twice a minute.</summary>
    private const string TwiceAMinute = "*/30 * * * * *";

    private const string EveryMinute = "* * * * *";

    private const string EveryFiveMinutes = "*/5 * * * *";

    private const string TwicePerHour = "13,43 * * * *";

    /// <summary>Beside the start of the server, which must not fail because the database has just gone.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                WriteDown();
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: an exception of a background service stops the server. A lock of Hangfire that another process keeps
                // too long has an exception of its own.
                LogNotWrittenDown(logger, failure);
                await Task.Delay(pause, clock, stoppingToken);
            }
        }
    }

    private void WriteDown()
    {
        timetable.AddOrUpdate<SweepTasksJob>("sweep-tasks", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            Every(indexing.Value.SweepSeconds));
        timetable.AddOrUpdate<SweepWebhooksJob>("sweep-webhooks", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            TwiceAMinute);
        timetable.AddOrUpdate<ForgetAnswersJob>("forget-answers", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            EveryMinute);
        timetable.AddOrUpdate<TidyUpJob>("tidy-up", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None), TwicePerHour);
        timetable.AddOrUpdate<FinishRemovalsJob>("finish-removals", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            TwicePerHour);
        timetable.AddOrUpdate<SeparateIndexesJob>("separate-indexes", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None),
            EveryFiveMinutes);
        timetable.AddOrUpdate<WatchIntegrationsJob>("watch-integrations", JobQueues.Maintenance,
            job => job.RunAsync(CancellationToken.None), EveryMinute);
        jobs.Enqueue<SweepTasksJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<SweepWebhooksJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<ForgetAnswersJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<TidyUpJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<FinishRemovalsJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<SeparateIndexesJob>(job => job.RunAsync(CancellationToken.None));
    }

    /// <summary>Seconds first. 60 is no step of a minute, but its full second.</summary>
    private static string Every(int seconds) => seconds == 60 ? "0 * * * * *" : $"*/{seconds} * * * * *";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The timetable of recurring jobs could not be written down; it will be tried again")]
    private static partial void LogNotWrittenDown(ILogger logger, Exception exception);
}
