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
