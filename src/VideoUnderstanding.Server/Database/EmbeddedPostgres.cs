using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Server.Database;

/// <summary>The server's own PostgreSQL cluster, kept in the data folder: made at first use, started, adopted when it is still running, stopped at the end.</summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>Processes of a killed database need a moment to notice; until then a new one is refused.</summary>
    private const int StartTries = 15;

    private readonly ClusterFolder folder;
    private readonly PostgresCommands commands;
    private readonly DataFolderLock mark;
    private readonly ILogger logger;

    private EmbeddedPostgres(ClusterFolder folder, PostgresCommands commands, DataFolderLock mark, ILogger logger)
        => (this.folder, this.commands, this.mark, this.logger) = (folder, commands, mark, logger);

    /// <summary>Number of the database's main process; null while it does not run.</summary>
    public int? ProcessId => folder.Running()?.ProcessId;

    /// <param name="mark">The folder's; dropped when the database is disposed, or does not start.</param>
    /// <exception cref="DatabaseUnavailableException">PostgreSQL is missing or too old, or it does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(DataFolderLock mark, string dataFolder, EmbeddedDatabaseOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            var folder = new ClusterFolder(dataFolder);
            var binaries = PostgresBinaries.Choose(PostgresBinaries.FindAll(options.BinariesFolder), folder.Major);
            var postgres = new EmbeddedPostgres(folder, new PostgresCommands(folder, binaries, options), mark, logger);
            await postgres.OpenAsync(binaries, cancellationToken);
            return postgres;
        }
        catch
        {
            mark.Dispose();
            throw;
        }
    }

    /// <summary>How to reach the database.</summary>
    public string ConnectionString => folder.ConnectionString(folder.Running() ?? throw new DatabaseUnavailableException("The database is not running."));

    /// <summary>Starts the database if it does not run.</summary>
    /// <returns>False when it was running.</returns>
    /// <exception cref="DatabaseUnavailableException">It does not start.</exception>
    public async Task<bool> EnsureRunningAsync(CancellationToken cancellationToken)
    {
        if (folder.Running() is not null)
            return false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                folder.ForgetKilled();
                await commands.StartAsync(cancellationToken);
                return true;
            }
            catch (ToolException) when (attempt < StartTries && folder.Running() is null)
            {
                await Task.Delay(RetryPause, cancellationToken);
            }
            catch (ToolException failed)
            {
                throw new DatabaseUnavailableException($"The database in {folder.Cluster} does not start.\n{folder.LastWords()}", failed);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (folder.Running() is not null)
                await commands.StopAsync(CancellationToken.None);
        }
        catch (ToolException failed)
        {
            LogNotStopped(logger, failed);
        }
        finally
        {
            mark.Dispose();
        }
    }

    private async Task OpenAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        await commands.PrepareAsync(cancellationToken);
        if (!folder.Exists)
        {
            LogCreating(logger, binaries.Major, folder.Cluster);
            await commands.CreateClusterAsync(cancellationToken);
        }
        if (await EnsureRunningAsync(cancellationToken))
            LogStarted(logger, binaries.Major, folder.Cluster);
        else
            LogAdopted(logger, folder.Cluster);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Creating a PostgreSQL {Major} database in {Folder}")]
    private static partial void LogCreating(ILogger logger, int major, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL {Major} runs on {Folder}")]
    private static partial void LogStarted(ILogger logger, int major, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database in {Folder} was still running; the server before this one did not stop cleanly")]
    private static partial void LogAdopted(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database did not stop")]
    private static partial void LogNotStopped(ILogger logger, Exception failure);
}
