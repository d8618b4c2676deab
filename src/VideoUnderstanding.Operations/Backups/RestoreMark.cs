using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>A file of the data folder that says that a restore into it was begun and has not ended: no server starts on it, and only a
/// restore may go on.</summary>
internal static class RestoreMark
{
    private const string Name = "restore.unfinished";

    /// <summary>What a restore leaves alone: the locks, and a database that may still run from the one before.</summary>
    private static readonly string[] Kept = [Name, "server.lock", "postgres", "postgres.password"];

    /// <exception cref="DatabaseUnavailableException">A restore was begun here and not ended.</exception>
    public static void RequireNone(string dataFolder)
    {
        if (File.Exists(Path.Combine(dataFolder, Name)))
            throw new DatabaseUnavailableException($"A restore into {dataFolder} was broken off. Run it again: ./vu restore BACKUP");
    }

    /// <summary>Only looks.</summary>
    /// <exception cref="BackupException">The folder holds something that no restore has put there.</exception>
    public static void RequireEmpty(string dataFolder)
    {
        if (!Directory.Exists(dataFolder) || File.Exists(Path.Combine(dataFolder, Name)))
            return;
        if (Directory.EnumerateFileSystemEntries(dataFolder).FirstOrDefault(entry => Path.GetFileName(entry) != "server.lock") is { } found)
            throw new BackupException($"The data folder {dataFolder} is not empty: it has {Path.GetFileName(found)}. A backup is only "
                + $"restored into an empty one; VideoUnderstanding__DataFolder names another.");
    }

    /// <summary>Call while holding the folder's lock.</summary>
    public static void Set(string dataFolder)
    {
        var path = Path.Combine(dataFolder, Name);
        if (!File.Exists(path))
        {
            File.WriteAllText(path, "");
            HashedCopy.Flush(path);
            return;
        }
        foreach (var entry in new DirectoryInfo(dataFolder).EnumerateFileSystemInfos().Where(entry => !Kept.Contains(entry.Name)).ToList())
        {
            if (entry is DirectoryInfo folder)
                folder.Delete(recursive: true);
            else
                entry.Delete();
        }
    }

    public static void Remove(string dataFolder) => File.Delete(Path.Combine(dataFolder, Name));
}
