using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Quotas;

/// <summary>Storage quotas. Section <c>VideoUnderstanding:Quotas</c>.</summary>
public sealed class QuotaOptions
{
    public const string Section = "VideoUnderstanding:Quotas";

    /// <summary>Maximum bytes of the videos of one account; 0 for no limit.</summary>
    [Range(0, long.MaxValue)]
    public long AccountBytes { get; set; }

    /// <summary>Maximum bytes of all videos; 0 for no limit.</summary>
    [Range(0, long.MaxValue)]
    public long TotalBytes { get; set; }
}
