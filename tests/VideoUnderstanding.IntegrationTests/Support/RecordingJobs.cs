using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Records queued jobs and runs none.</summary>
public sealed class RecordingJobs : IBackgroundJobClient
{
    private readonly ConcurrentQueue<string> _ids = [];
    private readonly ConcurrentQueue<string> _indexing = [];
    private readonly ConcurrentQueue<DateTimeOffset> _scheduled = [];

    /// <summary>The first argument of each job except indexing jobs: the id of the webhook delivery or the integration.</summary>
    public IReadOnlyCollection<string> Ids => _ids;

    /// <summary>The queue of each indexing job.</summary>
    public IReadOnlyCollection<string> Indexing => _indexing;

    /// <summary>Start times of delayed jobs.</summary>
    public IReadOnlyCollection<DateTimeOffset> Scheduled => _scheduled;

    public string Create(Job job, IState state)
    {
        if (job.Type == typeof(IndexNextTaskJob))
            _indexing.Enqueue(job.Queue);
        else
            _ids.Enqueue((string)job.Args[0]);
        if (state is ScheduledState later)
            _scheduled.Enqueue(new DateTimeOffset(later.EnqueueAt, TimeSpan.Zero));
        return Guid.NewGuid().ToString();
    }

    public bool ChangeState(string jobId, IState state, string expectedState)
        => throw new NotSupportedException("Nothing is expected to change a queued job.");
}
