using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Notes down what was queued and runs nothing.</summary>
public sealed class RecordingJobs : IBackgroundJobClient
{
    private readonly ConcurrentQueue<string> _taskIds = [];

    /// <summary>The first argument of each job: the task.</summary>
    public IReadOnlyCollection<string> TaskIds => _taskIds;

    public string Create(Job job, IState state)
    {
        _taskIds.Enqueue((string)job.Args[0]);
        return Guid.NewGuid().ToString();
    }

    public bool ChangeState(string jobId, IState state, string expectedState) => throw new NotSupportedException("Nothing is expected to change a queued job.");
}
