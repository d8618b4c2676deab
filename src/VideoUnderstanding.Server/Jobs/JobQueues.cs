using Hangfire;
using Hangfire.Storage.Monitoring;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>The queues. Each has its own workers, so that indexing does not delay webhooks and maintenance.</summary>
public static class JobQueues
{
    /// <summary>Jobs that index on nodes whose models run on the CPU.</summary>
    public const string Cpu = "cpu";

    /// <summary>Jobs that index on nodes whose models run on a GPU.</summary>
    public const string Gpu = "gpu";

    /// <summary>Webhooks.</summary>
    public const string Notify = "notify";

    public const string Integrations = "integrations";
    public const string Maintenance = "maintenance";

    /// <summary>Returns the queue of the jobs that index on nodes of a device.</summary>
    public static string Of(string device) => device == Node.Gpu ? Gpu : Cpu;
}

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
