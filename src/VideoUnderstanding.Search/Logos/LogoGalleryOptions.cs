using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Search.Logos;

/// <summary>What a gallery of logos may hold. Section <c>VideoUnderstanding:LogoGallery</c>.</summary>
public sealed class LogoGalleryOptions
{
    public const string Section = "VideoUnderstanding:LogoGallery";

    /// <summary>Pictures of one account, at most. Every search for a logo compares with those of its brand.</summary>
    [Range(1, 100_000)]
    public int MaxPictures { get; set; } = 200;

    /// <summary>Bytes of one picture's file, at most.</summary>
    [Range(1_000, 100_000_000)]
    public int MaxPictureBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>Pixels of one picture, at most.</summary>
    [Range(1_000, 100_000_000)]
    public int MaxPicturePixels { get; set; } = 16_000_000;
}
