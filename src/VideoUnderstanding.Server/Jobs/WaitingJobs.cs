using Hangfire;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Reads the jobs of a Hangfire queue that no worker has taken yet.</summary>
public sealed class WaitingJobs(JobStorage storage)
{
    private const int PageSize = 1000;

    /// <returns>The first argument of each job: the id of its task, delivery or integration.</returns>
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
