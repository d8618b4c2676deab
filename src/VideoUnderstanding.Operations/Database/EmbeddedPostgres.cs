using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Operations.Database;

/// <summary>The server's own PostgreSQL cluster, kept in the data folder: made at first use, started, adopted when it is still running,
/// stopped at the end.</summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>Processes of a killed database need a moment to notice; until then a new one is refused.</summary>
    private const int StartTries = 15;

    private readonly ClusterFolder _folder;
    private readonly PostgresCommands _commands;
    private readonly DataFolderLock _mark;
    private readonly ILogger _logger;

    private EmbeddedPostgres(ClusterFolder folder, PostgresCommands commands, DataFolderLock mark, ILogger logger)
        => (_folder, _commands, _mark, _logger) = (folder, commands, mark, logger);

    /// <summary>Number of the database's main process; null while it does not run.</summary>
    public int? ProcessId => _folder.Running()?.ProcessId;

    /// <param name="mark">The folder's; dropped when the database is disposed, or does not start.</param>
    /// <exception cref="DatabaseUnavailableException">PostgreSQL is missing or too old, or it does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        DataFolderLock mark, string dataFolder, EmbeddedDatabaseOptions options, ILogger logger, CancellationToken cancellationToken)
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
    public string ConnectionString
        => _folder.ConnectionString(_folder.Running() ?? throw new DatabaseUnavailableException("The database is not running."));

    /// <summary>Starts the database if it does not run.</summary>
    /// <returns>False when it was running.</returns>
    /// <exception cref="DatabaseUnavailableException">It does not start.</exception>
    public async Task<bool> EnsureRunningAsync(CancellationToken cancellationToken)
    {
        if (_folder.Running() is { } running)
        {
            if (!running.IsStopping)
                return false;
            // Told to stop by a server before this one, and still waiting for a connection.
            await _commands.StopNowAsync(cancellationToken);
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _folder.ForgetKilled();
                await _commands.StartAsync(cancellationToken);
                return true;
            }
            catch (ToolException) when (attempt < StartTries && _folder.Running() is null)
            {
                await Task.Delay(RetryPause, cancellationToken);
            }
            catch (ToolException failed)
            {
                throw new DatabaseUnavailableException($"The database in {_folder.Cluster} does not start.\n{_folder.LastWords()}", failed);
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
            _mark.Dispose();
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
        Message = "The database in {Folder} was still running; the server before this one did not stop cleanly")]
    private static partial void LogAdopted(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database did not stop")]
    private static partial void LogNotStopped(ILogger logger, Exception failure);
}
