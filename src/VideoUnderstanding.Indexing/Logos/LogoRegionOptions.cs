using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>Selects the frame regions in which logos are searched. Section <c>VideoUnderstanding:LogoRegions</c>.</summary>
public sealed class LogoRegionOptions
{
    public const string Section = "VideoUnderstanding:LogoRegions";

    /// <summary>Maximum regions per frame. Embedding a region costs as much as a whole frame.</summary>
    [Range(1, 200)]
    public int MaxPerPicture { get; set; } = 24;

    /// <summary>Maximum regions per video, distributed over its duration. With 512 dimensions each takes about 1 kB of memory and of
    /// database.</summary>
    [Range(1, 1_000_000)]
    public int MaxPerVideo { get; set; } = 20_000;

    /// <summary>Regions with a lower standard deviation in every colour channel (0 to 128) are skipped as uniform.</summary>
    [Range(0, 128)]
    public double MinContrast { get; set; } = 8;

    /// <summary>Maximum difference, 0 to 255, of a colour channel's mean in any tile up to which a region is unchanged.</summary>
    [Range(0, 255)]
    public double SameTolerance { get; set; } = 12;
}
