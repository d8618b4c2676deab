using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Backups;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data;

/// <summary>The files of the data folder. Every path is made here from an identifier, so none can leave the folder.</summary>
public sealed class StoredFiles
{
    /// <summary>What a killed process left of a picture that was to get its name once it was whole.</summary>
    private const string UnfinishedThumbnails = ".*.tmp";

    private readonly string _videos;
    private readonly string _transcripts;
    private readonly string _thumbnails;
    private readonly string _incoming;

    public StoredFiles(IOptions<StorageOptions> options)
    {
        Root = Path.GetFullPath(options.Value.DataFolder);
        (_videos, _transcripts) = (Folder("videos"), Folder("transcripts"));
        (_thumbnails, _incoming) = (Folder("thumbnails"), Folder("incoming"));
    }

    /// <summary>The data folder, absolute.</summary>
    public string Root { get; }

    /// <summary>Bytes that can still be written to the data folder's file system.</summary>
    public long FreeBytes => new DriveInfo(Root).AvailableFreeSpace;

    /// <summary>The video's file, without an extension.</summary>
    public string VideoPath(string videoId) => Path.Combine(_videos, Checked(videoId));

    /// <summary>The transcript the user brought for the video.</summary>
    public string TranscriptPath(string videoId) => Path.Combine(_transcripts, Checked(videoId));

    /// <summary>A cached thumbnail at a time rounded to milliseconds.</summary>
    public string ThumbnailPath(string videoId, double time)
    {
        var folder = Path.Combine(_thumbnails, Checked(videoId));
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $"{(long)Math.Round(time * 1000)}.jpeg");
    }

    /// <summary>A new path in the folder of unfinished files, on the same file system as the rest.</summary>
    public string NewTemporaryPath() => Path.Combine(_incoming, Guid.NewGuid().ToString("N"));

    /// <summary>
    /// Removes the video's file, transcript and thumbnails; fine when they are gone already. While a backup is being made they stay: it may hold the video's row. The janitor
    /// takes what is left.
    /// </summary>
    public void DeleteVideo(string videoId)
    {
        var path = VideoPath(videoId);
        if (BackupMark.IsHeld(Root))
            return;
        File.Delete(path);
        File.Delete(TranscriptPath(videoId));
        var thumbnails = Path.Combine(_thumbnails, videoId);
        try
        {
            if (Directory.Exists(thumbnails))
                Directory.Delete(thumbnails, recursive: true);
        }
        catch (IOException)
        {
            // A picture was just being made, or somebody else deletes it too: what is left belongs to the janitor.
        }
    }

    /// <summary>The files that there are of a video, as paths below the data folder with forward slashes.</summary>
    public IReadOnlyList<string> FilesOf(string videoId)
    {
        var thumbnails = new DirectoryInfo(Path.Combine(_thumbnails, Checked(videoId)));
        return [.. new[] { VideoPath(videoId), TranscriptPath(videoId) }.Where(File.Exists)
            .Concat(thumbnails.Exists ? thumbnails.EnumerateFiles("*.jpeg").Select(file => file.FullName) : [])
            .Select(path => Path.GetRelativePath(Root, path))];
    }

    /// <summary>Identifiers of all videos that have a file here which was last written before the given time.</summary>
    public IReadOnlyCollection<string> StoredVideoIds(DateTimeOffset writtenBefore)
        => [.. new[] { _videos, _transcripts, _thumbnails }
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFileSystemInfos())
            .Where(entry => ObjectIds.IsWellFormed(entry.Name) && entry.LastWriteTimeUtc < writtenBefore.UtcDateTime)
            .Select(entry => entry.Name)
            .Distinct()];

    /// <summary>Removes unfinished files, thumbnails among them, that were last written before the given time.</summary>
    /// <returns>How many.</returns>
    public int DeleteTemporaryFiles(DateTimeOffset writtenBefore) => DeleteOld(
        new DirectoryInfo(_incoming).EnumerateFiles().Concat(new DirectoryInfo(_thumbnails).EnumerateFiles(UnfinishedThumbnails, SearchOption.AllDirectories)), writtenBefore);

    /// <summary>Removes thumbnails that were made before the given time; each is made again when it is asked for.</summary>
    /// <returns>How many.</returns>
    public int DeleteThumbnails(DateTimeOffset writtenBefore)
        => DeleteOld(new DirectoryInfo(_thumbnails).EnumerateFiles("*.jpeg", SearchOption.AllDirectories), writtenBefore);

    private static int DeleteOld(IEnumerable<FileInfo> files, DateTimeOffset writtenBefore)
    {
        var old = files.Where(file => file.LastWriteTimeUtc < writtenBefore.UtcDateTime).ToList();
        foreach (var file in old)
        {
            try
            {
                file.Delete();
            }
            catch (DirectoryNotFoundException)
            {
                // Its video went meanwhile, and all its pictures with it.
            }
        }
        return old.Count;
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    private static string Checked(string videoId)
        => ObjectIds.IsWellFormed(videoId) ? videoId : throw new ArgumentException("Not a video identifier.", nameof(videoId));
}
