using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>How events are told to the endpoints of an account. Section <c>VideoUnderstanding:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "VideoUnderstanding:Webhooks";

    /// <summary>Also send to http addresses. What is sent is then readable on its way; the signature still tells whether it was
    /// changed.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Notifications sent at the same time.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 4;

    /// <summary>Seconds that an endpoint may take to answer, connecting included.</summary>
    [Range(0.1, 120)]
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>Seconds before the second try; doubled before each further one.</summary>
    [Range(0.1, 3600)]
    public double FirstPauseSeconds { get; set; } = 10;

    /// <summary>Seconds between two tries, at most.</summary>
    [Range(1, 86_400)]
    public double LongestPauseSeconds { get; set; } = 8 * 3600;

    /// <summary>Hours after which a delivery that never succeeded has failed.</summary>
    [Range(0.01, 720)]
    public double GiveUpHours { get; set; } = 72;

    /// <summary>Endpoints of one account, at most.</summary>
    [Range(1, 1000)]
    public int MaxEndpoints { get; set; } = 20;

    /// <summary>Days that events and their log are kept, and can be replayed.</summary>
    [Range(1, 3650)]
    public int KeepDays { get; set; } = 30;

    /// <summary>Tries in the log of one endpoint, at most; older ones go first.</summary>
    [Range(1, 1_000_000)]
    public int KeepAttempts { get; set; } = 1000;
}
