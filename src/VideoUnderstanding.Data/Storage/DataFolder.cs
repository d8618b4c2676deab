using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Data.Storage;

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

/// <summary>The local folder of this server: temporary files, and the files of <see cref="FolderStore"/>.</summary>
public sealed class DataFolder
{
    private readonly string _incoming;

    public DataFolder(IOptions<StorageOptions> options)
    {
        Root = Path.GetFullPath(options.Value.DataFolder);
        _incoming = PrivateFile.Folder(Path.Combine(Root, "incoming"));
    }

    /// <summary>Absolute path.</summary>
    public string Root { get; }

    /// <summary>Free bytes of the folder's file system.</summary>
    public long FreeBytes => new DriveInfo(Root).AvailableFreeSpace;

    /// <summary>Returns a new path for a temporary file, on the same file system as the stored files.</summary>
    public string NewTemporaryPath() => Path.Combine(_incoming, Guid.NewGuid().ToString("N"));

    /// <summary>Deletes temporary files that were last written before the given time.</summary>
    /// <returns>Number of deleted files.</returns>
    public int DeleteTemporaryFiles(DateTimeOffset writtenBefore)
    {
        var old = new DirectoryInfo(_incoming).EnumerateFiles().Where(file => file.LastWriteTimeUtc < writtenBefore.UtcDateTime).ToList();
        old.ForEach(file => file.Delete());
        return old.Count;
    }
}
