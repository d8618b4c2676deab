using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Notes down what was queued and runs nothing.</summary>
public sealed class RecordingJobs : IBackgroundJobClient
{
    private readonly ConcurrentQueue<string> _taskIds = [];
    private readonly ConcurrentQueue<DateTimeOffset> _scheduled = [];

    /// <summary>The first argument of each job: the task, or the webhook delivery.</summary>
    public IReadOnlyCollection<string> TaskIds => _taskIds;

    /// <summary>When each job that is not to run at once is to run.</summary>
    public IReadOnlyCollection<DateTimeOffset> Scheduled => _scheduled;

    public string Create(Job job, IState state)
    {
        _taskIds.Enqueue((string)job.Args[0]);
        if (state is ScheduledState later)
            _scheduled.Enqueue(new DateTimeOffset(later.EnqueueAt, TimeSpan.Zero));
        return Guid.NewGuid().ToString();
    }

    public bool ChangeState(string jobId, IState state, string expectedState)
        => throw new NotSupportedException("Nothing is expected to change a queued job.");
}
