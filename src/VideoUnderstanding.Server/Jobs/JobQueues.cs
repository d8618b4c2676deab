namespace VideoUnderstanding.Server.Jobs;

/// <summary>The queues, each with workers of its own, so that long indexing never holds up notifications and the small tidying
/// jobs.</summary>
public static class JobQueues
{
    public const string Indexing = "indexing";
    public const string Webhooks = "webhooks";
    public const string Integrations = "integrations";
    public const string Maintenance = "maintenance";
}
