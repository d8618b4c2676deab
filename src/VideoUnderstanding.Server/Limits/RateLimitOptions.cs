using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.Limits;

/// <summary>
/// How often a client may ask. Each limit is a bucket that holds so many requests at most and is refilled evenly; a request that finds it
/// empty gets 429. Section <c>VideoUnderstanding:RateLimits</c>.
/// </summary>
public sealed class RateLimitOptions
{
    public const string Section = "VideoUnderstanding:RateLimits";

    /// <summary>Requests a minute of one key; 0 for no limit.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerMinute { get; set; } = 6000;

    /// <summary>Requests of one key that may come at once.</summary>
    [Range(1, 10_000_000)]
    public int RequestBurst { get; set; } = 1000;

    /// <summary>Of these, requests a minute that cost much: searches, classifications, new tasks and transfers; 0 for no limit of their
    /// own.</summary>
    [Range(0, 10_000_000)]
    public int CostlyPerMinute { get; set; } = 1200;

    /// <summary>Costly requests of one key that may come at once.</summary>
    [Range(1, 10_000_000)]
    public int CostlyBurst { get; set; } = 300;

    /// <summary>Requests a minute with a wrong key from one address; 0 for no limit.</summary>
    [Range(0, 10_000_000)]
    public int FailedKeysPerMinute { get; set; } = 30;

    /// <summary>Requests with a wrong key from one address that may come at once.</summary>
    [Range(1, 10_000_000)]
    public int FailedKeyBurst { get; set; } = 60;
}
