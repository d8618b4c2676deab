using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Backups;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>Reads a backup into an empty data folder and an empty database. The database comes last, so it exists only after a complete
/// restore.</summary>
internal sealed class BackupReader(string backup, BackupManifest manifest, string dataFolder, TimeProvider clock)
{
    /// <summary>Reads every file of the backup and compares it with the manifest.</summary>
    /// <exception cref="BackupException">A file is missing or differs.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var progress = new ProgressLine("Checking", manifest.Files.Sum(file => file.Size), clock);
        foreach (var file in manifest.Files)
        {
            var info = new FileInfo(PathOf(file));
            // A link could lead to a file that was never backed up.
            if (!info.Exists || info.LinkTarget is not null || info.Length != file.Size)
                throw new BackupException($"The backup is damaged: "
                    + $"{info.FullName} {(info.Exists ? "has changed since the backup" : "is missing")}. Nothing was restored.");
            var found = await HashedCopy.ReadAsync(info.FullName, file.Path, cancellationToken);
            if (found.Sha256 != file.Sha256)
                throw new BackupException(
                    $"The backup is damaged: {info.FullName} has changed since the backup. Nothing was restored.");
            progress.Add(file.Size);
        }
        progress.End();
    }

    public async Task CopyFilesAsync(CancellationToken cancellationToken)
    {
        var progress = new ProgressLine("Files", manifest.DataFiles.Sum(file => file.Size), clock);
        foreach (var file in manifest.DataFiles)
        {
            var target = Path.Combine(dataFolder, file.Path);
            if (Path.GetDirectoryName(target) is { } folder && folder != dataFolder)
                PrivateFile.Folder(folder);
            await using var source = File.OpenRead(PathOf(file));
            await HashedCopy.WriteAsync(source, new StoredFile(file.Path, file.Size, File.GetLastWriteTimeUtc(PathOf(file))), target,
                progress.Add, cancellationToken);
        }
        progress.End();
    }

    /// <exception cref="BackupException">The bucket has files of videos that are not in this backup.</exception>
    public async Task RequireEmptyAsync(IFileStore store, CancellationToken cancellationToken)
    {
        // Files of this backup may be there from an interrupted restore.
        var own = manifest.DataFiles.Select(file => file.Path).ToHashSet();
        foreach (var prefix in StoredFiles.Prefixes)
            await foreach (var file in store.ListAsync(prefix, cancellationToken))
                if (!own.Contains(file.Key))
                    throw new BackupException($"The configured bucket is not empty: it has {file.Key}. A backup is only restored into an "
                        + $"empty one, or below an empty {BucketOptions.Section}:Prefix.");
    }

    /// <summary>Moves the files of videos from the data folder to the bucket.</summary>
    public async Task MoveToAsync(IFileStore store, CancellationToken cancellationToken)
    {
        var videos = manifest.DataFiles.Where(file => StoredFiles.Prefixes.Any(prefix => file.Path.StartsWith(prefix,
            StringComparison.Ordinal))).ToList();
        var progress = new ProgressLine("To the bucket", videos.Sum(file => file.Size), clock);
        foreach (var file in videos)
        {
            await store.MoveInAsync(file.Path, Path.Combine(dataFolder, file.Path), cancellationToken);
            progress.Add(file.Size);
        }
        progress.End();
    }

    /// <param name="tools">Folder of PostgreSQL's tools; empty to search them.</param>
    /// <exception cref="BackupException">The database is not empty, or a tool is missing or failed.</exception>
    public async Task RestoreDatabaseAsync(DatabaseAccess database, string tools, CancellationToken cancellationToken)
    {
        if (database.Embedded is not null)
            await RecreateDatabaseAsync(database.ConnectionString, cancellationToken);
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase(database.ConnectionString);
        await using var db = new VideoDbContext(options.Options);
        if (await BackupSnapshot.CountTablesAsync(db, cancellationToken) is var tables and > 0)
            throw new BackupException(
                $"The configured database is not empty ({tables} tables and sequences). A backup is only restored into an empty one.");
        var chosen = DumpTools.Choose(DumpTools.FindAll(tools),
            Math.Max(manifest.DumpMajor, await BackupSnapshot.MajorAsync(db, cancellationToken)));
        var list = Path.Combine(Path.GetTempPath(), $"vu-{Guid.NewGuid():N}.list");
        using var address = new LibpqAddress(database.ConnectionString);
        try
        {
            await chosen.RestoreAsync(address, Path.Combine(backup, BackupManifest.Dump), list, cancellationToken);
        }
        finally
        {
            File.Delete(list);
        }
        // The files are in another place now. The first server that starts records it.
        await db.Database.ExecuteSqlRawAsync("UPDATE installation SET store = NULL", cancellationToken);
        db.Database.SetCommandTimeout(0);
        await db.Database.ExecuteSqlRawAsync("ANALYZE", cancellationToken);
    }

    /// <exception cref="BackupException">The backup has the layout of a version before 1.0, or migrations that this version
    /// lacks.</exception>
    public static void RequireKnownTables(BackupManifest manifest)
    {
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        // Needed only for the list of migrations; nothing connects.
        options.UseVideoDatabase("Host=localhost");
        using var db = new VideoDbContext(options.Options);
        if (DatabaseSetup.IsTooOld(db, manifest.Migration))
            throw new BackupException($"The backup has the database layout of a version before {DatabaseSetup.FirstVersion}, which this "
                + $"version cannot read. Nothing was restored. {DatabaseSetup.OldLayoutRemedy}");
        if (!db.Database.GetMigrations().Contains(manifest.Migration))
            throw new BackupException($"The backup was made by a newer version ({manifest.ServerVersion}) than this one "
                + $"({BackupManifest.ThisServer}). Restore it with that version.");
    }

    /// <summary>Drops the embedded database of an interrupted restore, and creates an empty one.</summary>
    private static async Task RecreateDatabaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        var system = new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false };
        await using var source = NpgsqlDataSource.Create(system.ConnectionString);
        foreach (var sql in new[] { $"DROP DATABASE IF EXISTS {ClusterFolder.Name} WITH (FORCE)", $"CREATE DATABASE {ClusterFolder.Name}" })
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private string PathOf(BackupFile file)
        => file.Path == BackupManifest.Dump ? Path.Combine(backup, file.Path) : Path.Combine(backup, BackupWriter.FilesFolder, file.Path);
}
