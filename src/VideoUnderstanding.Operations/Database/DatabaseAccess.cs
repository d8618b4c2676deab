using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Data;
using VideoUnderstanding.Operations.Backups;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.Operations.Database;

/// <summary>The database that is configured, opened for as long as this lives: a foreign one, the one a running server has started, or one
/// started here.</summary>
public sealed class DatabaseAccess : IAsyncDisposable
{
    private static readonly TimeSpan WaitForServer = TimeSpan.FromSeconds(60);

    private readonly IDisposable? _mark;

    private DatabaseAccess(string connectionString, EmbeddedPostgres? embedded, IDisposable? mark)
        => (ConnectionString, Embedded, _mark) = (connectionString, embedded, mark);

    public string ConnectionString { get; }

    /// <summary>The database that was started here; null when it is somebody else's.</summary>
    public EmbeddedPostgres? Embedded { get; }

    /// <summary>For the server itself, which wants the data folder for itself alone.</summary>
    /// <exception cref="DatabaseUnavailableException">Another server has the folder, or the database does not start.</exception>
    public static Task<DatabaseAccess> OpenForServerAsync(IConfiguration configuration, ILogger logger, CancellationToken cancellationToken)
        => OpenAloneAsync(configuration, RestoreMark.RequireNone, logger, cancellationToken);

    /// <summary>For a restore, which wants the data folder for itself alone, and marks it as being restored before it changes
    /// anything.</summary>
    /// <exception cref="DatabaseUnavailableException">A server has the folder, or the database does not start.</exception>
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

    /// <summary>For a verb of the command line, which may be called while the server runs.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not start, or the running server has none.</exception>
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
            if (DataFolderLock.TryTake(folder) is { } mark)
                return await OpenAsync(mark, folder, configuration, RestoreMark.RequireNone, logger, cancellationToken);
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
        _mark?.Dispose();
    }

    /// <param name="prepare">Looks at the folder, or changes it, now that it is this process's alone: before that, a restore may still be
    /// at work in it.</param>
    private static async Task<DatabaseAccess> OpenAsync(
        DataFolderLock mark, string folder, IConfiguration configuration, Action<string> prepare, ILogger logger,
        CancellationToken cancellationToken)
    {
        try
        {
            prepare(folder);
            if (Configured(configuration) is { } connectionString)
                return new DatabaseAccess(connectionString, null, mark);
            var options = configuration.EmbeddedDatabase();
            List<ValidationResult> wrong = [];
            if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
                throw new DatabaseUnavailableException($"{EmbeddedDatabaseOptions.Section}: {wrong[0].ErrorMessage}");
            var embedded = await EmbeddedPostgres.StartAsync(mark, folder, options, logger, cancellationToken);
            return new DatabaseAccess(embedded.ConnectionString, embedded, null);
        }
        catch
        {
            mark.Dispose();
            throw;
        }
    }
}
