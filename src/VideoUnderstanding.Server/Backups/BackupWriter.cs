using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Backups;

namespace VideoUnderstanding.Server.Backups;

/// <summary>
/// Writes a backup: the database as it is at one moment, then the files of the videos that it has rows of. Files come before their rows and, while the
/// <see cref="BackupMark"/> is held, do not go after them, so every row finds its file. The folder gets its name when all is written.
/// </summary>
internal sealed class BackupWriter(VideoDbContext db, StoredFiles files, TimeProvider clock)
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

    private async Task<BackupManifest> FillAsync(string folder, string connectionString, string toolsFolder, CancellationToken cancellationToken)
    {
        var (createdAt, dump) = (clock.GetUtcNow(), Path.Combine(folder, BackupManifest.Dump));
        DatabaseFacts facts;
        IReadOnlyList<BackupVideo> videos;
        DumpTools tools;
        await using (var snapshot = await BackupSnapshot.TakeAsync(db, cancellationToken))
        {
            (facts, videos) = (snapshot.Facts, snapshot.Videos);
            tools = DumpTools.Choose(DumpTools.FindAll(toolsFolder), facts.PostgresMajor);
            RequireRoom(folder, facts.Bytes + FilesToCopy(videos).Sum(SizeOf));
            using var address = new LibpqAddress(connectionString);
            await tools.DumpAsync(address, snapshot.Name, dump, cancellationToken);
        }
        File.SetUnixFileMode(dump, PrivateFile.Mode);
        HashedCopy.Flush(dump);
        var dumped = await HashedCopy.ReadAsync(dump, BackupManifest.Dump, cancellationToken);
        Console.Error.WriteLine($"Database: {ProgressLine.Megabytes(dumped.Size)}, {videos.Count} videos");

        var copied = await CopyAsync(folder, videos, cancellationToken);
        var there = copied.Select(file => file.Path).ToHashSet();
        var missing = videos.Where(video => (video.HasFile && !there.Contains($"videos/{video.Id}")) || (video.HasTranscript && !there.Contains($"transcripts/{video.Id}")));
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat, createdAt, BackupManifest.ThisServer, facts.Postgres, tools.Major, facts.Vector, facts.Migration, facts.Bytes,
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
        var wanted = FilesToCopy(videos).ToList();
        var progress = new ProgressLine("Files", wanted.Sum(SizeOf), clock);
        List<BackupFile> copied = [];
        foreach (var name in wanted)
        {
            var target = Path.Combine(folder, FilesFolder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!, PrivateFile.FolderMode);
            try
            {
                copied.Add(await HashedCopy.WriteAsync(Path.Combine(files.Root, name), target, name, PrivateFile.Mode, progress.Add, cancellationToken));
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException && !File.Exists(target))
            {
                // An old thumbnail that the janitor took; a video's file would be told as missing.
            }
        }
        progress.End();
        return copied;
    }

    private IEnumerable<string> FilesToCopy(IReadOnlyList<BackupVideo> videos)
    {
        var secrets = new DirectoryInfo(files.Root).EnumerateFiles().Select(file => file.Name)
            .Concat(new DirectoryInfo(Path.Combine(files.Root, "dashboard-keys")) is { Exists: true } keys ? keys.EnumerateFiles().Select(file => $"{keys.Name}/{file.Name}") : []);
        return secrets.Concat(videos.SelectMany(video => files.FilesOf(video.Id))).Where(BackupManifest.IsDataPath);
    }

    private long SizeOf(string name) => new FileInfo(Path.Combine(files.Root, name)) is { Exists: true } file ? file.Length : 0;

    /// <exception cref="BackupException">There is less.</exception>
    public static void RequireRoom(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes)
            throw new BackupException($"{folder} has room for {ProgressLine.Megabytes(free)}, and up to {ProgressLine.Megabytes(bytes)} are needed.");
    }
}
