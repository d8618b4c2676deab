using System.CommandLine;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Operations.Backups;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu restore</c>: restores a backup into an empty data folder and an empty database. docs/backup.md.</summary>
public static class RestoreCommand
{
    public static Command Create(IReadOnlyList<string> settings)
    {
        var folder = new Argument<string>("folder") { Description = "Folder written by vu backup." };
        var command = new Command("restore", "Restores a backup into an empty data folder and an empty database.") { folder };
        command.SetAction(
            (parsed, cancellationToken) => RunAsync(settings, ServerSettings.UserPath(parsed.GetRequiredValue(folder)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> settings, string backup, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder(settings);
        var dataFolder = builder.Configuration.StateDataFolder();
        var manifest = BackupManifest.Read(backup);
        BackupReader.RequireKnownTables(manifest);
        RestoreMark.RequireEmpty(dataFolder);
        var isEmbedded = DatabaseAccess.Configured(builder.Configuration) is null;
        if (!Directory.Exists(dataFolder))
            PrivateFile.Folder(dataFolder);
        BackupWriter.RequireFreeSpace(dataFolder, manifest.DataFiles.Sum(file => file.Size) + (isEmbedded ? manifest.DatabaseBytes : 0));
        var reader = new BackupReader(backup, manifest, dataFolder, TimeProvider.System);
        builder.AddData();
        await using var services = builder.Services.BuildServiceProvider();
        var isBucket = services.GetRequiredService<IOptions<BucketOptions>>().Value.IsUsed;
        if (isBucket)
            await reader.RequireEmptyAsync(services.GetRequiredService<IFileStore>(), cancellationToken);
        await reader.VerifyAsync(cancellationToken);

        using var logs = ServerSettings.CreateQuietLogs();
        await using var database = await DatabaseAccess.OpenForRestoreAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(),
            cancellationToken);
        await reader.CopyFilesAsync(cancellationToken);
        if (isBucket)
            await reader.MoveToAsync(services.GetRequiredService<IFileStore>(), cancellationToken);
        await reader.RestoreDatabaseAsync(database, builder.Configuration.EmbeddedDatabase().BinariesFolder, cancellationToken);
        RestoreMark.Remove(dataFolder);
        Console.WriteLine($"{dataFolder}: restored as of {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC. Keys are the same; webhooks and "
            + $"videos that were waiting go on when the server starts.");
        return 0;
    }
}
