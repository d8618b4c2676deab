using VideoUnderstanding.Data;

namespace VideoUnderstanding.Operations.Database;

/// <summary>Marks a data folder as being used by this process. The operating system drops the mark when the process ends, however it
/// ends.</summary>
public sealed class DataFolderLock : IDisposable
{
    /// <summary>A verb that works without a server has the folder for a moment; a server is worth waiting for that.</summary>
    private static readonly TimeSpan WaitForVerb = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>For a server, which wants the folder for itself alone.</summary>
    /// <exception cref="DatabaseUnavailableException">Another process has the folder and keeps it.</exception>
    public static async Task<DataFolderLock> TakeAsync(string dataFolder, CancellationToken cancellationToken)
    {
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < WaitForVerb;
            await Task.Delay(BetweenLooks, cancellationToken))
        {
            if (TryTake(dataFolder) is { } mark)
                return mark;
        }
        throw new DatabaseUnavailableException(
            $"Another server is using the data folder {Path.GetFullPath(dataFolder)}. Stop it first, or give this one a folder of its own "
                + $"with VideoUnderstanding__DataFolder.");
    }

    /// <summary>Null when another process has the folder.</summary>
    public static DataFolderLock? TryTake(string dataFolder)
    {
        // One that is there keeps its mode: the embedded database's user may have to pass through it.
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
