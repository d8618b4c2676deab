using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data;

/// <summary>Where files are kept.</summary>
public sealed class StorageOptions
{
    public const string Section = "VideoUnderstanding";

    /// <summary>Folder of videos, transcripts, thumbnails and segments for playing. A relative path starts at the current folder. Created
    /// if it is missing.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>Bytes that arriving videos must leave free on the data folder's file system, so that the database can still work.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; set; } = 256 * 1024 * 1024;
}
