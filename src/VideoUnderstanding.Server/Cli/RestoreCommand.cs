using System.CommandLine;
using VideoUnderstanding.Server.Backups;
using VideoUnderstanding.Server.Database;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu restore</c>: a backup becomes the data folder and the database of a new server. docs/backup.md.</summary>
public static class RestoreCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Folder that vu backup has written." };
        var command = new Command("restore", "Reads a backup into an empty data folder and an empty database.") { folder };
        command.SetAction((parsed, cancellationToken) => RunAsync(ServerSettings.UserPath(parsed.GetRequiredValue(folder)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string backup, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder();
        var dataFolder = builder.Configuration.DataFolder();
        var manifest = BackupManifest.Read(backup);
        BackupReader.RequireKnownTables(manifest);
        RestoreMark.RequireEmpty(dataFolder);
        var isEmbedded = DatabaseAccess.Configured(builder.Configuration) is null;
        Directory.CreateDirectory(dataFolder);
        BackupWriter.RequireRoom(dataFolder, manifest.DataFiles.Sum(file => file.Size) + (isEmbedded ? manifest.DatabaseBytes : 0));
        var reader = new BackupReader(backup, manifest, dataFolder, TimeProvider.System);
        await reader.VerifyAsync(cancellationToken);

        using var logs = ServerSettings.CreateQuietLogs();
        await using var database = await DatabaseAccess.OpenForRestoreAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(), cancellationToken);
        await reader.CopyFilesAsync(cancellationToken);
        await reader.RestoreDatabaseAsync(database, builder.Configuration.EmbeddedDatabase().BinariesFolder, cancellationToken);
        RestoreMark.Remove(dataFolder);
        Console.WriteLine($"{dataFolder}: restored as of {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC. Keys are the same; webhooks and videos that were waiting go on when the server starts.");
        return 0;
    }
}
