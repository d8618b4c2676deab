using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Limits of logo galleries. Section <c>VideoUnderstanding:LogoGallery</c>.</summary>
public sealed class LogoGalleryOptions
{
    public const string Section = "VideoUnderstanding:LogoGallery";

    /// <summary>Maximum pictures per account. A logo search compares regions with all pictures of its brands.</summary>
    [Range(1, 100_000)]
    public int MaxPictures { get; set; } = 200;

    /// <summary>Maximum size of a picture file, in bytes.</summary>
    [Range(1_000, 100_000_000)]
    public int MaxPictureBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>Maximum pixels of a picture.</summary>
    [Range(1_000, 100_000_000)]
    public int MaxPicturePixels { get; set; } = 16_000_000;
}
