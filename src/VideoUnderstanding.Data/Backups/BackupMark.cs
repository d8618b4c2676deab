namespace VideoUnderstanding.Data.Backups;

/// <summary>
/// Says that a backup of the data folder is being made: as long as it is held, no process removes the file of a video. Rows go before their
/// files, so a file that may still be removed belongs to a row that was gone before the backup looked at the rows. The operating system
/// drops the mark when the process ends, however it ends.
/// </summary>
public sealed class BackupMark : IDisposable
{
    private const UnixFileMode ReadableByTheServer = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private readonly FileStream _file;

    private BackupMark(FileStream file) => _file = file;

    /// <returns>Null while another backup holds it, or for the moment in which somebody looks at it.</returns>
    public static BackupMark? TryTake(string dataFolder)
    {
        var path = PathIn(dataFolder);
        var isNew = !File.Exists(path);
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (isNew)
                File.SetUnixFileMode(path, ReadableByTheServer);
            return new BackupMark(file);
        }
        catch (IOException taken) when (taken is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>Whether a backup is being made. Lookers do not get into each other's way.</summary>
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
