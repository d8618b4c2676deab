using Hangfire;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>The jobs that stand in a queue of Hangfire and have not been taken by a worker yet.</summary>
public sealed class WaitingJobs(JobStorage storage)
{
    private const int PageSize = 1000;

    /// <returns>The first argument of each: the identifier of what it works on.</returns>
    public HashSet<string> Read<TJob>(string queue)
    {
        var (monitor, waiting) = (storage.GetMonitoringApi(), new HashSet<string>());
        for (var from = 0; ; from += PageSize)
        {
            var page = monitor.EnqueuedJobs(queue, from, PageSize);
            foreach (var entry in page)
                if (IdOf<TJob>(entry.Value) is { } id)
                    waiting.Add(id);
            if (page.Count < PageSize)
                return waiting;
        }
    }

    private static string? IdOf<TJob>(EnqueuedJobDto? job)
        => job?.Job is { } call && call.Type == typeof(TJob) ? call.Args[0] as string : null;
}
