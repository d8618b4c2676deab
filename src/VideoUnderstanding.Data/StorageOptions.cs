using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data;

/// <summary>Settings of file storage.</summary>
public sealed class StorageOptions
{
    public const string Section = "VideoUnderstanding";

    /// <summary>Folder for videos, transcripts, thumbnails and playback segments. A relative path starts at the current folder. Created if
    /// missing.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>Minimum free bytes on the data folder's file system that received videos must leave, so that the database can still
    /// work.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; set; } = 256 * 1024 * 1024;
}
