using Hangfire;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>The tasks that stand in the queue of Hangfire and have not been taken by a worker yet.</summary>
public sealed class WaitingTasks(JobStorage storage)
{
    private const int PageSize = 1000;

    public HashSet<string> Read()
    {
        var (monitor, waiting) = (storage.GetMonitoringApi(), new HashSet<string>());
        for (var from = 0; ; from += PageSize)
        {
            var page = monitor.EnqueuedJobs(JobQueues.Indexing, from, PageSize);
            foreach (var entry in page)
                if (TaskOf(entry.Value) is { } id)
                    waiting.Add(id);
            if (page.Count < PageSize)
                return waiting;
        }
    }

    private static string? TaskOf(EnqueuedJobDto? job) => job?.Job is { } call && call.Type == typeof(IndexVideoJob) ? call.Args[0] as string : null;
}
