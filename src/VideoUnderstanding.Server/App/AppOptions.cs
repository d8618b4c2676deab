using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.App;

/// <summary>Settings of the web app. Section <c>VideoUnderstanding:App</c>.</summary>
public sealed class AppOptions
{
    public const string Section = "VideoUnderstanding:App";

    /// <summary>Session timeout: minutes without a request.</summary>
    [Range(1, 43_200)]
    public int SessionMinutes { get; set; } = 720;

    /// <summary>Sign-in attempts per minute and client address.</summary>
    [Range(1, 1000)]
    public int SignInsPerMinute { get; set; } = 6;

    /// <summary>Burst of sign-in attempts per client address.</summary>
    [Range(1, 1000)]
    public int SignInBurst { get; set; } = 10;

    /// <summary>Maximum open streams of progress on this server. A browser without a stream polls every few seconds.</summary>
    [Range(0, 100_000)]
    public int Streams { get; set; } = 500;

    /// <summary>Maximum open streams of progress of one user. A visible page uses one stream.</summary>
    [Range(0, 100_000)]
    public int StreamsPerUser { get; set; } = 20;
}
