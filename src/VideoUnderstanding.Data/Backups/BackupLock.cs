namespace VideoUnderstanding.Data.Backups;

/// <summary>
/// A file lock that marks a running backup of the data folder. While it is held, no process deletes files of videos. Rows are deleted
/// before their files, so the files of all rows in the backup exist. The operating system releases the lock when the process ends.
/// </summary>
public sealed class BackupLock : IDisposable
{
    private const UnixFileMode LockFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private readonly FileStream _file;

    private BackupLock(FileStream file) => _file = file;

    /// <returns>Null if another backup holds the lock, or during a concurrent <see cref="IsHeld"/>.</returns>
    public static BackupLock? TryAcquire(string dataFolder)
    {
        var path = PathIn(dataFolder);
        var isNew = !File.Exists(path);
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (isNew)
                File.SetUnixFileMode(path, LockFileMode);
            return new BackupLock(file);
        }
        catch (IOException locked) when (locked is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Returns true if a backup is running. Concurrent calls do not affect each other.</summary>
    internal static bool IsHeld(string dataFolder)
    {
        try
        {
            using var file = new FileStream(PathIn(dataFolder), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();

    private static string PathIn(string dataFolder) => Path.Combine(dataFolder, "backup.lock");
}
