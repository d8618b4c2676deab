using Hangfire;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>The timetable. All jobs also run at once: after a crash nobody should wait for the next full minute.</summary>
public sealed class RecurringJobs(IRecurringJobManager timetable, IBackgroundJobClient jobs, IOptions<IndexingOptions> indexing) : IHostedService
{
    /// <summary>Seconds first: twice a minute.</summary>
    private const string TwiceAMinute = "*/30 * * * * *";

    private const string TwicePerHour = "13,43 * * * *";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        timetable.AddOrUpdate<SweepTasksJob>("sweep-tasks", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None), Every(indexing.Value.SweepSeconds));
        timetable.AddOrUpdate<SweepWebhooksJob>("sweep-webhooks", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None), TwiceAMinute);
        timetable.AddOrUpdate<TidyUpJob>("tidy-up", JobQueues.Maintenance, job => job.RunAsync(CancellationToken.None), TwicePerHour);
        jobs.Enqueue<SweepTasksJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<SweepWebhooksJob>(job => job.RunAsync(CancellationToken.None));
        jobs.Enqueue<TidyUpJob>(job => job.RunAsync(CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <summary>Seconds first. 60 is no step of a minute, but its full second.</summary>
    private static string Every(int seconds) => seconds == 60 ? "0 * * * * *" : $"*/{seconds} * * * * *";

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
