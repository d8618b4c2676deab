using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Data;
using VideoUnderstanding.Operations.Backups;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.Operations.Database;

/// <summary>Access to the database until disposal: a configured one, that of a running server, or an embedded one that is started
/// here.</summary>
public sealed class DatabaseAccess : IAsyncDisposable
{
    private static readonly TimeSpan WaitForServer = TimeSpan.FromSeconds(60);

    private readonly IDisposable? _folderLock;

    private DatabaseAccess(string connectionString, EmbeddedPostgres? embedded, IDisposable? folderLock)
        => (ConnectionString, Embedded, _folderLock) = (connectionString, embedded, folderLock);

    public string ConnectionString { get; }

    /// <summary>The database that was started here; otherwise null.</summary>
    public EmbeddedPostgres? Embedded { get; }

    /// <summary>Opens the database for a server, with the exclusive lock of the data folder.</summary>
    /// <exception cref="DatabaseUnavailableException">Another server has the lock, or the database does not start.</exception>
    public static Task<DatabaseAccess> OpenForServerAsync(IConfiguration configuration, ILogger logger, CancellationToken cancellationToken)
        => OpenAloneAsync(configuration, RestoreMark.RequireNone, logger, cancellationToken);

    /// <summary>Opens the database for a restore, with the exclusive lock of the data folder, and marks the folder as being restored before
    /// any change.</summary>
    /// <exception cref="DatabaseUnavailableException">A server has the lock, or the database does not start.</exception>
    public static Task<DatabaseAccess> OpenForRestoreAsync(
        IConfiguration configuration, ILogger logger, CancellationToken cancellationToken)
        => OpenAloneAsync(configuration, RestoreMark.Set, logger, cancellationToken);

    private static async Task<DatabaseAccess> OpenAloneAsync(
        IConfiguration configuration, Action<string> prepare, ILogger logger, CancellationToken cancellationToken)
    {
        var folder = configuration.DataFolder();
        return await OpenAsync(await DataFolderLock.TakeAsync(folder, cancellationToken), folder, configuration, prepare, logger,
            cancellationToken);
    }

    /// <summary>Opens the database for a verb of the command line, with or without a running server.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not start, or the running server has no embedded one.</exception>
    public static async Task<DatabaseAccess> OpenAsync(IConfiguration configuration, ILogger logger, CancellationToken cancellationToken)
    {
        RestoreMark.RequireNone(configuration.DataFolder());
        if (Configured(configuration) is { } connectionString)
            return new DatabaseAccess(connectionString, null, null);
        var folder = configuration.DataFolder();
        var until = TimeProvider.System.GetTimestamp();
        var cluster = new ClusterFolder(folder);
        while (TimeProvider.System.GetElapsedTime(until) < WaitForServer)
        {
            if (DataFolderLock.TryTake(folder) is { } folderLock)
                return await OpenAsync(folderLock, folder, configuration, RestoreMark.RequireNone, logger, cancellationToken);
            if (cluster.Running() is { } running)
                return new DatabaseAccess(cluster.ConnectionString(running), null, null);
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
        throw new DatabaseUnavailableException($"A server uses the data folder {folder}, but no database runs in it. If that server has "
            + $"another database, set ConnectionStrings__Database here too.");
    }

    public static string? Configured(IConfiguration configuration)
        => configuration.GetConnectionString(DataRegistration.ConnectionName) is { Length: > 0 } connectionString ? connectionString : null;

    public async ValueTask DisposeAsync()
    {
        if (Embedded is not null)
            await Embedded.DisposeAsync();
        _folderLock?.Dispose();
    }

    /// <param name="prepare">Checks or changes the folder after it is locked; before that, a restore may be running in it.</param>
    private static async Task<DatabaseAccess> OpenAsync(
        DataFolderLock folderLock, string folder, IConfiguration configuration, Action<string> prepare, ILogger logger,
        CancellationToken cancellationToken)
    {
        try
        {
            prepare(folder);
            if (Configured(configuration) is { } connectionString)
                return new DatabaseAccess(connectionString, null, folderLock);
            var options = configuration.EmbeddedDatabase();
            List<ValidationResult> wrong = [];
            if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
                throw new DatabaseUnavailableException($"{EmbeddedDatabaseOptions.Section}: {wrong[0].ErrorMessage}");
            var embedded = await EmbeddedPostgres.StartAsync(folderLock, folder, options, logger, cancellationToken);
            return new DatabaseAccess(embedded.ConnectionString, embedded, null);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }
}
