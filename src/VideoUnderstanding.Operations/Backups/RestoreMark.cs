using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>A file that marks an unfinished restore in a data folder: no server starts on it, and only a restore may continue.</summary>
internal static class RestoreMark
{
    private const string Name = "restore.unfinished";

    /// <summary>Entries that a restore does not delete: locks, and a database that may still run from an earlier attempt.</summary>
    private static readonly string[] KeptEntries = [Name, "server.lock", "postgres", "postgres.password"];

    /// <exception cref="DatabaseUnavailableException">There is an unfinished restore.</exception>
    public static void RequireNone(string dataFolder)
    {
        if (File.Exists(Path.Combine(dataFolder, Name)))
            throw new DatabaseUnavailableException($"A restore into {dataFolder} was interrupted. Run it again: ./vu restore BACKUP");
    }

    /// <summary>Changes nothing.</summary>
    /// <exception cref="BackupException">The folder contains something that no restore wrote.</exception>
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
        foreach (var entry in new DirectoryInfo(dataFolder).EnumerateFileSystemInfos()
            .Where(entry => !KeptEntries.Contains(entry.Name)).ToList())
        {
            if (entry is DirectoryInfo folder)
                folder.Delete(recursive: true);
            else
                entry.Delete();
        }
    }

    public static void Remove(string dataFolder) => File.Delete(Path.Combine(dataFolder, Name));
}
