using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Operations.Database;

/// <summary>The server's own PostgreSQL cluster in the data folder: created at first use, started or adopted if it still runs, and stopped
/// at the end.</summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Maximum start attempts. A new database cannot start until the processes of a killed one have ended.</summary>
    private const int MaxStartAttempts = 15;

    private readonly ClusterFolder _folder;
    private readonly PostgresCommands _commands;
    private readonly DataFolderLock _folderLock;
    private readonly ILogger _logger;

    private EmbeddedPostgres(ClusterFolder folder, PostgresCommands commands, DataFolderLock folderLock, ILogger logger)
        => (_folder, _commands, _folderLock, _logger) = (folder, commands, folderLock, logger);

    /// <summary>Process number of the database's main process; null while it does not run.</summary>
    public int? ProcessId => _folder.Running()?.ProcessId;

    /// <param name="folderLock">The folder's lock; released when the database is disposed, or does not start.</param>
    /// <exception cref="DatabaseUnavailableException">PostgreSQL is missing or too old, or does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        DataFolderLock folderLock, string dataFolder, EmbeddedDatabaseOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            var folder = new ClusterFolder(dataFolder);
            var binaries = PostgresBinaries.Choose(PostgresBinaries.FindAll(options.BinariesFolder), folder.Major);
            var postgres = new EmbeddedPostgres(folder, new PostgresCommands(folder, binaries, options), folderLock, logger);
            await postgres.OpenAsync(binaries, cancellationToken);
            return postgres;
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Connection string of the database.</summary>
    public string ConnectionString
        => _folder.ConnectionString(_folder.Running() ?? throw new DatabaseUnavailableException("The database is not running."));

    /// <summary>Starts the database if it does not run.</summary>
    /// <returns>False if it was running.</returns>
    /// <exception cref="DatabaseUnavailableException">The database does not start.</exception>
    public async Task<bool> EnsureRunningAsync(CancellationToken cancellationToken)
    {
        if (_folder.Running() is { } running)
        {
            if (!running.IsStopping)
                return false;
            // An earlier server requested the shutdown, which waits for a connection to end.
            await _commands.StopNowAsync(cancellationToken);
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _folder.RemoveStalePidFile();
                await _commands.StartAsync(cancellationToken);
                return true;
            }
            catch (ToolException) when (attempt < MaxStartAttempts && _folder.Running() is null)
            {
                await Task.Delay(RetryDelay, cancellationToken);
            }
            catch (ToolException failed)
            {
                throw new DatabaseUnavailableException(
                    $"The database in {_folder.Cluster} does not start.\n{_folder.LastLogLines()}", failed);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_folder.Running() is not null)
                await _commands.StopAsync(CancellationToken.None);
        }
        catch (ToolException failed)
        {
            LogNotStopped(_logger, failed);
        }
        finally
        {
            _folderLock.Dispose();
        }
    }

    private async Task OpenAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        await _commands.PrepareAsync(cancellationToken);
        if (!_folder.Exists)
        {
            LogCreating(_logger, binaries.Major, _folder.Cluster);
            await _commands.CreateClusterAsync(cancellationToken);
        }
        if (await EnsureRunningAsync(cancellationToken))
            LogStarted(_logger, binaries.Major, _folder.Cluster);
        else
            LogAdopted(_logger, _folder.Cluster);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Creating a PostgreSQL {Major} database in {Folder}")]
    private static partial void LogCreating(ILogger logger, int major, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL {Major} runs on {Folder}")]
    private static partial void LogStarted(ILogger logger, int major, string folder);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The database in {Folder} was still running; the previous server did not stop cleanly")]
    private static partial void LogAdopted(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database did not stop")]
    private static partial void LogNotStopped(ILogger logger, Exception failure);
}

/// <summary>The embedded database cannot be used. The message contains cause and remedy, and is shown to the operator unchanged.</summary>
public sealed class DatabaseUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
