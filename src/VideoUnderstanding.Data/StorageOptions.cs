using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data;

/// <summary>Where files are kept.</summary>
public sealed class StorageOptions
{
    public const string Section = "VideoUnderstanding";

    /// <summary>Folder of videos, transcripts, thumbnails and the signing key. A relative path starts at the current folder. Made when it is missing.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";
}
