using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Backups;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>
/// Writes a backup: the database as it is at one moment, then the files of the videos that it has rows of. Files come before their rows
/// and, while the <see cref="BackupMark"/> is held, do not go after them, so every row finds its file. The folder gets its name when all is
/// written.
/// </summary>
internal sealed class BackupWriter(VideoDbContext db, StoredFiles files, DataFolder dataFolder, TimeProvider clock)
{
    /// <summary>End of the name of a backup that is being written.</summary>
    public const string Unfinished = ".unfinished";

    /// <summary>Folder of the data folder's files in a backup.</summary>
    public const string FilesFolder = "files";

    /// <param name="connectionString">Of the database that the context has.</param>
    /// <param name="tools">Folder of PostgreSQL's tools; empty to look for them.</param>
    /// <exception cref="BackupException">There is not enough room, or a tool is missing or failed.</exception>
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
            RequireRoom(folder, facts.Bytes + (await ListAsync(videos, cancellationToken)).Sum(file => file.Size));
            using var address = new LibpqAddress(connectionString);
            await tools.DumpAsync(address, snapshot.Name, dump, cancellationToken);
        }
        File.SetUnixFileMode(dump, PrivateFile.Mode);
        HashedCopy.Flush(dump);
        var dumped = await HashedCopy.ReadAsync(dump, BackupManifest.Dump, cancellationToken);
        Console.Error.WriteLine($"Database: {ProgressLine.Megabytes(dumped.Size)}, {videos.Count} videos");

        var copied = await CopyAsync(folder, videos, cancellationToken);
        var there = copied.Select(file => file.Path).ToHashSet();
        var missing = videos.Where(video => (video.HasFile && !there.Contains($"videos/{video.Id}"))
            || (video.HasTranscript && !there.Contains($"transcripts/{video.Id}")));
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
        // Only now: files that came while the dump was made belong to it as well.
        var wanted = await ListAsync(videos, cancellationToken);
        var progress = new ProgressLine("Files", wanted.Sum(file => file.Size), clock);
        List<BackupFile> copied = [];
        foreach (var file in wanted)
        {
            var target = Path.Combine(folder, FilesFolder, file.Key);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!, PrivateFile.FolderMode);
            // An old thumbnail may be gone since the list was made. A missing file of a video is reported.
            await using var source = await files.Store.OpenAsync(file.Key, cancellationToken);
            if (source is not null)
                copied.Add(await HashedCopy.WriteAsync(source, file, target, progress.Add, cancellationToken));
        }
        progress.End();
        return copied;
    }

    private async Task<List<StoredFile>> ListAsync(IReadOnlyList<BackupVideo> videos, CancellationToken cancellationToken)
    {
        // Secrets that are files of this server. Earlier versions kept keys there that are in the database now.
        var wanted = new DirectoryInfo(dataFolder.Root).EnumerateFiles()
            .Concat(new DirectoryInfo(Path.Combine(dataFolder.Root, "dashboard-keys")) is { Exists: true } keys
                ? keys.EnumerateFiles()
                : [])
            .Select(file => new StoredFile(Path.GetRelativePath(dataFolder.Root, file.FullName), file.Length, file.LastWriteTimeUtc))
            .ToList();
        foreach (var video in videos)
            wanted.AddRange(await files.ListForBackupAsync(video.Id, cancellationToken));
        return [.. wanted.Where(file => BackupManifest.IsDataPath(file.Key))];
    }

    /// <exception cref="BackupException">There is less.</exception>
    public static void RequireRoom(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes)
            throw new BackupException(
                $"{folder} has room for {ProgressLine.Megabytes(free)}, and up to {ProgressLine.Megabytes(bytes)} are needed.");
    }
}
