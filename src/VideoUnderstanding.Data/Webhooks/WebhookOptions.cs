using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>Settings of webhook notifications. Section <c>VideoUnderstanding:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "VideoUnderstanding:Webhooks";

    /// <summary>Allows http URLs. The content can then be read in transit; the signature still detects changes.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Notifications sent concurrently.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 4;

    /// <summary>Timeout of a notification in seconds, including the connection.</summary>
    [Range(0.1, 120)]
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>Seconds before the second attempt; doubled for each further one.</summary>
    [Range(0.1, 3600)]
    public double FirstRetryDelaySeconds { get; set; } = 10;

    /// <summary>Maximum seconds between two attempts.</summary>
    [Range(1, 86_400)]
    public double MaxRetryDelaySeconds { get; set; } = 8 * 3600;

    /// <summary>Hours of retries after which a delivery fails.</summary>
    [Range(0.01, 720)]
    public double RetryHours { get; set; } = 72;

    /// <summary>Maximum endpoints per account.</summary>
    [Range(1, 1000)]
    public int MaxEndpoints { get; set; } = 20;

    /// <summary>Days for which events and their log are kept and can be replayed.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 30;

    /// <summary>Maximum logged attempts per endpoint; older ones are deleted.</summary>
    [Range(1, 1_000_000)]
    public int KeepAttempts { get; set; } = 1000;
}
