namespace VideoUnderstanding.Server.Jobs;

/// <summary>The queues. Each has its own workers, so that indexing does not delay webhooks and maintenance.</summary>
public static class JobQueues
{
    public const string Indexing = "indexing";
    public const string Webhooks = "webhooks";
    public const string Integrations = "integrations";
    public const string Maintenance = "maintenance";
}
