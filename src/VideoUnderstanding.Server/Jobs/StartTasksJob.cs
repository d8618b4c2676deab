using Hangfire;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Starts tasks whose job was lost, whose process died, or whose delay has passed.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class StartTasksJob(TaskStarter starter)
{
    public Task RunAsync(CancellationToken cancellationToken) => starter.StartAsync(int.MaxValue, cancellationToken);
}
