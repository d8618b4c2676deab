using System.CommandLine;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Backups;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Operations.Backups;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu backup</c>: writes all data that cannot be recreated to one folder. docs/backup.md.</summary>
public static class BackupCommand
{
    /// <summary>Timeout for the backup lock. Processes that check for a running backup hold it for a moment.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(3);

    public static Command Create(IReadOnlyList<string> settings)
    {
        var folder = new Argument<string>("folder") { Description = "Target folder. It must not exist or must be empty." };
        var command = new Command("backup",
            "Writes the database and the files to a folder. Works while the server runs and while it does not.") { folder };
        command.SetAction(
            (parsed, cancellationToken) => RunAsync(settings, ServerSettings.UserPath(parsed.GetRequiredValue(folder)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> settings, string target, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder(settings);
        builder.AddData();
        var dataFolder = builder.Configuration.StateDataFolder();
        RequireFree(target, dataFolder);
        if (DatabaseAccess.Configured(builder.Configuration) is null && !new ClusterFolder(dataFolder).Exists)
            throw new BackupException($"There is nothing to back up: no server has ever run on the data folder {dataFolder}.");
        using var logs = ServerSettings.CreateQuietLogs();
        await using var database = await DatabaseAccess.OpenAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(),
            cancellationToken);
        builder.UseDatabase(database.ConnectionString);
        await using var services = builder.Services.BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        await DatabaseSetup.RequireSupportedAsync(scope.ServiceProvider.GetRequiredService<VideoDbContext>(), cancellationToken);
        using var backupLock = await AcquireLockAsync(dataFolder, cancellationToken);
        await using var shared = services.GetRequiredService<IOptions<BucketOptions>>().Value.IsUsed
            ? await SharedBackupMark.SetAsync(services.GetRequiredService<StoredFiles>(), cancellationToken)
            : null;
        var writer = ActivatorUtilities.CreateInstance<BackupWriter>(scope.ServiceProvider);
        var manifest = await writer.WriteAsync(target, database.ConnectionString, builder.Configuration.EmbeddedDatabase().BinariesFolder,
            cancellationToken);
        foreach (var id in manifest.Missing)
            Console.Error.WriteLine(
                $"The file or transcript of video {id} is missing in the data folder and therefore in the backup.");
        Console.WriteLine($"{target}: {manifest.Files.Count} files, {ProgressLine.Megabytes(manifest.Files.Sum(file => file.Size))}. Model "
            + $"files are not part of it.");
        return 0;
    }

    private static void RequireFree(string target, string dataFolder)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new BackupException($"{target} is there already. Name another folder: a backup never changes an older one.");
        if (target == dataFolder || target.StartsWith(dataFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new BackupException($"{target} is inside the data folder {dataFolder}, and would be lost with it.");
    }

    private static async Task<BackupLock> AcquireLockAsync(string dataFolder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(dataFolder);
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < LockTimeout;
            await Task.Delay(100, cancellationToken))
        {
            if (BackupLock.TryAcquire(dataFolder) is { } backupLock)
                return backupLock;
        }
        throw new BackupException("Another backup of this data folder is running.");
    }
}
