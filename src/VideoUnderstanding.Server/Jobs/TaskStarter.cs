using System.Data.Common;
using Hangfire;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Queues jobs for due tasks, at most as many as the running nodes have free workers. A worker that ends a task calls it again, so
/// that tasks beyond this number need no job of their own, and the number of queued jobs does not grow with the number of
/// waiting tasks.</summary>
public sealed partial class TaskStarter(
    TaskQueue tasks, IBackgroundJobClient jobs, IHostApplicationLifetime lifetime, ILogger<TaskStarter> logger)
{
    /// <summary>Queues the jobs. A failure is logged only, because <see cref="StartTasksJob"/> follows.</summary>
    /// <param name="limit">Maximum number of jobs.</param>
    public async Task StartAsync(int limit, CancellationToken cancellationToken)
    {
        try
        {
            await tasks.ReturnAsync(cancellationToken);
            var startable = await tasks.CountStartableAsync(limit, lifetime.ApplicationStopping.IsCancellationRequested, cancellationToken);
            for (var count = 0; count < startable.Count; count++)
                jobs.Enqueue<IndexNextTaskJob>(JobQueues.Of(startable.Device), job => job.RunAsync(CancellationToken.None));
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or BackgroundJobClientException
            or InvalidOperationException { InnerException: DbException })
        {
            LogNotStarted(logger, failure);
        }
    }

    [LoggerMessage(EventId = 3300, Level = LogLevel.Warning, Message = "Due tasks could not be started; the job start-tasks retries")]
    private static partial void LogNotStarted(ILogger logger, Exception exception);
}

/// <summary>Starts tasks whose job was lost, whose process died, or whose delay has passed.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class StartTasksJob(TaskStarter starter)
{
    public Task RunAsync(CancellationToken cancellationToken) => starter.StartAsync(int.MaxValue, cancellationToken);
}
