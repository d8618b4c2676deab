using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Accounts;

/// <summary>Settings of API keys. Section <c>VideoUnderstanding:Keys</c>.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "VideoUnderstanding:Keys";

    /// <summary>Lifetime of a new key in calendar months. CONTRACT, section 1, specifies two.</summary>
    [Range(1, 120)]
    public int LifeMonths { get; set; } = 2;
}
