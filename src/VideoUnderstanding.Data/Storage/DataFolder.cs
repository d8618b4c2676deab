using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Data.Storage;

/// <summary>The folder of this server on its own machine: unfinished files, and the files of <see cref="FolderStore"/>.</summary>
public sealed class DataFolder
{
    private readonly string _incoming;

    public DataFolder(IOptions<StorageOptions> options)
    {
        Root = Path.GetFullPath(options.Value.DataFolder);
        _incoming = PrivateFile.Folder(Path.Combine(Root, "incoming"));
    }

    /// <summary>Absolute.</summary>
    public string Root { get; }

    /// <summary>Bytes that can still be written to the folder's file system.</summary>
    public long FreeBytes => new DriveInfo(Root).AvailableFreeSpace;

    /// <summary>A new path in the folder of unfinished files, on the same file system as the stored ones.</summary>
    public string NewTemporaryPath() => Path.Combine(_incoming, Guid.NewGuid().ToString("N"));

    /// <summary>Removes unfinished files that were last written before the given time.</summary>
    /// <returns>The number of removed files.</returns>
    public int DeleteTemporaryFiles(DateTimeOffset writtenBefore)
    {
        var old = new DirectoryInfo(_incoming).EnumerateFiles().Where(file => file.LastWriteTimeUtc < writtenBefore.UtcDateTime).ToList();
        old.ForEach(file => file.Delete());
        return old.Count;
    }
}
