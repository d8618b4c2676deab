using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.Limits;

/// <summary>Rate limits. Each limit is a token bucket; a request without a token gets 429. Section
/// <c>VideoUnderstanding:RateLimits</c>.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "VideoUnderstanding:RateLimits";

    /// <summary>Requests per minute and key; 0 disables the limit.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerMinute { get; set; } = 6000;

    /// <summary>Burst of requests per key.</summary>
    [Range(1, 10_000_000)]
    public int RequestBurst { get; set; } = 1000;

    /// <summary>Costly requests per minute and key: searches, curves of the web app, classifications, new tasks and transfers; 0 disables
    /// the limit.</summary>
    [Range(0, 10_000_000)]
    public int CostlyPerMinute { get; set; } = 1200;

    /// <summary>Burst of costly requests per key.</summary>
    [Range(1, 10_000_000)]
    public int CostlyBurst { get; set; } = 300;

    /// <summary>Requests with an invalid key per minute and client address; 0 disables the limit.</summary>
    [Range(0, 10_000_000)]
    public int FailedKeysPerMinute { get; set; } = 30;

    /// <summary>Burst of requests with an invalid key per client address.</summary>
    [Range(1, 10_000_000)]
    public int FailedKeyBurst { get; set; } = 60;
}
