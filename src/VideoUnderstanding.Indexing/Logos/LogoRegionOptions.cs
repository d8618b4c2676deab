using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing.Logos;

/// <summary>Which parts of pictures are kept to look for logos in. Section <c>VideoUnderstanding:LogoRegions</c>.</summary>
public sealed class LogoRegionOptions
{
    public const string Section = "VideoUnderstanding:LogoRegions";

    /// <summary>Parts of one picture, at most. Each costs as much as a whole picture does.</summary>
    [Range(1, 200)]
    public int MaxPerPicture { get; set; } = 24;

    /// <summary>Parts of one video, at most; spread over its length. With a model of 512 numbers each takes about a kilobyte of memory and
    /// of database.</summary>
    [Range(1, 1_000_000)]
    public int MaxPerVideo { get; set; } = 20_000;

    /// <summary>Parts whose brightest channel varies by less than this (standard deviation, 0 to 128) are flat and left out.</summary>
    [Range(0, 128)]
    public double MinContrast { get; set; } = 8;

    /// <summary>A part is the same as before when none of its tiles differs in the mean of a colour channel by more than this, 0 to
    /// 255.</summary>
    [Range(0, 255)]
    public double SameTolerance { get; set; } = 12;
}
