using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Backups;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>Writes a backup: a snapshot of the database, then the files of its videos. Files are written before their rows and, while the
/// <see cref="BackupLock"/> is held, not deleted, so every row has its file. The folder gets its final name when it is complete.</summary>
internal sealed class BackupWriter(VideoDbContext db, StoredFiles files, TimeProvider clock)
{
    /// <summary>Suffix of an unfinished backup.</summary>
    public const string Unfinished = ".unfinished";

    /// <summary>Subfolder of the data folder's files.</summary>
    public const string FilesFolder = "files";

    /// <param name="connectionString">Connection string of the context's database.</param>
    /// <param name="tools">Folder of PostgreSQL's tools; empty to search them.</param>
    /// <exception cref="BackupException">There is too little space, or a tool is missing or failed.</exception>
    public async Task<BackupManifest> WriteAsync(string target, string connectionString, string tools, CancellationToken cancellationToken)
    {
        var folder = $"{target}.{Guid.NewGuid().ToString("N")[..8]}{Unfinished}";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Directory.CreateDirectory(folder, PrivateFile.FolderMode);
        try
        {
            var manifest = await FillAsync(folder, connectionString, tools, cancellationToken);
            if (Directory.Exists(target))
                Directory.Delete(target);
            Directory.Move(folder, target);
            return manifest;
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<BackupManifest> FillAsync(
        string folder, string connectionString, string toolsFolder, CancellationToken cancellationToken)
    {
        var (createdAt, dump) = (clock.GetUtcNow(), Path.Combine(folder, BackupManifest.Dump));
        DatabaseFacts facts;
        IReadOnlyList<BackupVideo> videos;
        DumpTools tools;
        await using (var snapshot = await BackupSnapshot.TakeAsync(db, cancellationToken))
        {
            (facts, videos) = (snapshot.Facts, snapshot.Videos);
            tools = DumpTools.Choose(DumpTools.FindAll(toolsFolder), facts.PostgresMajor);
            RequireFreeSpace(folder, facts.Bytes + (await ListAsync(videos, cancellationToken)).Sum(file => file.Size));
            using var address = new LibpqAddress(connectionString);
            await tools.DumpAsync(address, snapshot.Name, dump, cancellationToken);
        }
        File.SetUnixFileMode(dump, PrivateFile.Mode);
        HashedCopy.Flush(dump);
        var dumped = await HashedCopy.ReadAsync(dump, BackupManifest.Dump, cancellationToken);
        Console.Error.WriteLine($"Database: {ProgressLine.Megabytes(dumped.Size)}, {videos.Count} videos");

        var copied = await CopyAsync(folder, videos, cancellationToken);
        var copiedPaths = copied.Select(file => file.Path).ToHashSet();
        var missing = videos.Where(video => (video.HasFile && !copiedPaths.Contains($"videos/{video.Id}"))
            || (video.HasTranscript && !copiedPaths.Contains($"transcripts/{video.Id}")));
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat, createdAt, BackupManifest.ThisServer, facts.Postgres, tools.Major, facts.Vector, facts.Migration,
            facts.Bytes,
            [.. missing.Select(video => video.Id)], [dumped, .. copied]);
        var path = Path.Combine(folder, BackupManifest.Name);
        await File.WriteAllBytesAsync(path, manifest.ToJson(), cancellationToken);
        File.SetUnixFileMode(path, PrivateFile.Mode);
        HashedCopy.Flush(path);
        return manifest;
    }

    private async Task<List<BackupFile>> CopyAsync(string folder, IReadOnlyList<BackupVideo> videos, CancellationToken cancellationToken)
    {
        // Listed again, because files of the snapshot may have arrived while the dump was made.
        var listed = await ListAsync(videos, cancellationToken);
        var progress = new ProgressLine("Files", listed.Sum(file => file.Size), clock);
        List<BackupFile> copied = [];
        foreach (var file in listed)
        {
            var target = Path.Combine(folder, FilesFolder, file.Key);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!, PrivateFile.FolderMode);
            // An old thumbnail may have been removed since. A missing file of a video is reported.
            await using var source = await files.Store.OpenAsync(file.Key, cancellationToken);
            if (source is not null)
                copied.Add(await HashedCopy.WriteAsync(source, file, target, progress.Add, cancellationToken));
        }
        progress.End();
        return copied;
    }

    private async Task<List<StoredFile>> ListAsync(IReadOnlyList<BackupVideo> videos, CancellationToken cancellationToken)
    {
        var listed = new List<StoredFile>();
        foreach (var video in videos)
            listed.AddRange(await files.ListForBackupAsync(video.Id, cancellationToken));
        return [.. listed.Where(file => BackupManifest.IsDataPath(file.Key))];
    }

    /// <exception cref="BackupException">There is too little space.</exception>
    public static void RequireFreeSpace(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes)
            throw new BackupException(
                $"{folder} has {ProgressLine.Megabytes(free)} free, but up to {ProgressLine.Megabytes(bytes)} are needed.");
    }
}
