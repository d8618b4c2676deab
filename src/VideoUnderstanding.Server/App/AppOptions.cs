using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.App;

/// <summary>The web app. Section <c>VideoUnderstanding:App</c>.</summary>
public sealed class AppOptions
{
    public const string Section = "VideoUnderstanding:App";

    /// <summary>Minutes without a request after which a session ends.</summary>
    [Range(1, 43_200)]
    public int SessionMinutes { get; set; } = 720;

    /// <summary>Attempts to sign in, from one address in a minute.</summary>
    [Range(1, 1000)]
    public int SignInsPerMinute { get; set; } = 6;

    /// <summary>Attempts to sign in, from one address at once.</summary>
    [Range(1, 1000)]
    public int SignInBurst { get; set; } = 10;
}
