using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>The pages for the operator. Section <c>VideoUnderstanding:Dashboard</c>.</summary>
public sealed class DashboardOptions
{
    public const string Section = "VideoUnderstanding:Dashboard";

    /// <summary>Minutes without a request after which a login ends.</summary>
    [Range(1, 10_080)]
    public int SessionMinutes { get; set; } = 60;

    /// <summary>Logins that may be tried from one address in a minute.</summary>
    [Range(1, 1000)]
    public int LoginsPerMinute { get; set; } = 6;

    /// <summary>Logins that may be tried from one address at once.</summary>
    [Range(1, 1000)]
    public int LoginBurst { get; set; } = 10;
}
