using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Operations.Backups;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Runs a verb on the database of this installation, with or without a running server.</summary>
internal static class DatabaseVerb
{
    /// <summary>Opens the database, applies new migrations, and calls <paramref name="work"/> with scoped services. Does not create a
    /// database: with a wrong data folder the verb would use an empty one.</summary>
    /// <param name="settings">As <c>--Section:Name=value</c>.</param>
    /// <param name="configure">Adds the services that the verb needs besides the database.</param>
    public static async Task<T> RunAsync<T>(
        IReadOnlyList<string> settings, Action<HostApplicationBuilder> configure, Func<IServiceProvider, Task<T>> work,
        CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder(settings);
        var dataFolder = builder.Configuration.StateDataFolder();
        RestoreMark.RequireNone(dataFolder);
        RequireDatabase(builder.Configuration, dataFolder);
        builder.AddData();
        configure(builder);
        using var logs = ServerSettings.CreateQuietLogs();
        await using var database = await DatabaseAccess.OpenAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(),
            cancellationToken);
        builder.UseDatabase(database.ConnectionString);
        await using var services = builder.Services.BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        if (!(await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Any())
            throw new CommandFailure("The configured database has no tables of this server. Start the server once to create them, or "
                + "correct ConnectionStrings:Database.");
        await DatabaseSetup.MigrateAsync(db, cancellationToken);
        return await work(scope.ServiceProvider);
    }

    /// <exception cref="CommandFailure">No database is configured, and the data folder has none.</exception>
    private static void RequireDatabase(IConfiguration configuration, string dataFolder)
    {
        if (DatabaseAccess.Configured(configuration) is null && !new ClusterFolder(dataFolder).Exists)
            throw new CommandFailure($"The data folder {dataFolder} has no database: no server has run on it yet. Start the server once "
                + $"(./run.sh), or name another folder with {ServerArguments.Data} FOLDER.");
    }
}
