using VideoUnderstanding.Data;

namespace VideoUnderstanding.Operations.Database;

/// <summary>Locks a data folder for this process. The operating system releases the lock when the process ends.</summary>
public sealed class DataFolderLock : IDisposable
{
    /// <summary>Timeout of a server that waits for a verb of the command line, which locks the folder only for a moment.</summary>
    private static readonly TimeSpan WaitForVerb = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the exclusive lock of a server.</summary>
    /// <exception cref="DatabaseUnavailableException">Another process keeps the lock.</exception>
    public static async Task<DataFolderLock> TakeAsync(string dataFolder, CancellationToken cancellationToken)
    {
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < WaitForVerb;
            await Task.Delay(PollInterval, cancellationToken))
        {
            if (TryTake(dataFolder) is { } folderLock)
                return folderLock;
        }
        throw new DatabaseUnavailableException(
            $"Another server is using the data folder {Path.GetFullPath(dataFolder)}. Stop it first, or give this one a folder of its own "
                + $"with VideoUnderstanding__DataFolder.");
    }

    /// <summary>Null if another process has the lock.</summary>
    public static DataFolderLock? TryTake(string dataFolder)
    {
        // An existing folder keeps its mode: the embedded database's user may need access.
        if (!Directory.Exists(dataFolder))
            PrivateFile.Folder(dataFolder);
        try
        {
            return new DataFolderLock(
                new FileStream(Path.Combine(dataFolder, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (taken is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
