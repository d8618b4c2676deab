using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>Section <c>VideoUnderstanding:Keys</c>.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "VideoUnderstanding:Keys";

    /// <summary>Calendar months a new key lives. CONTRACT, section 1, says two.</summary>
    [Range(1, 120)]
    public int LifeMonths { get; set; } = 2;
}
