using System.CommandLine;
using System.Data.Common;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Server.Database;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu serve</c>: the server, with its own database unless another is configured.</summary>
public static partial class ServeCommand
{
    private static readonly TimeSpan DatabaseGetsUp = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var command = new Command("serve", "Starts the server. Settings may follow as --VideoUnderstanding:Name=value or --urls=http://127.0.0.1:8080.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await RunAsync(ServerSettings.CreateBuilder(parsed.Settings()), _ => Task.CompletedTask, cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>Serves until the token is cancelled.</summary>
    /// <param name="whenStarted">Runs beside the server once it listens.</param>
    public static async Task RunAsync(WebApplicationBuilder builder, Func<WebApplication, Task> whenStarted, CancellationToken cancellationToken)
    {
        using var logs = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        await using var database = await DatabaseAccess.OpenForServerAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(), cancellationToken);
        builder.UseDatabase(database.ConnectionString);
        if (database.Embedded is { } embedded)
        {
            builder.Services.AddSingleton(embedded);
            builder.Services.AddHostedService<DatabaseSupervisor>();
        }
        await using var app = Program.Build(builder);
        foreach (var setting in UnknownSettings.In(builder.Configuration, builder.Services))
            LogUnknown(app.Logger, setting);
        await PrepareAsync(app.Services, cancellationToken);
        try
        {
            await app.StartAsync(cancellationToken);
            await whenStarted(app);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Clears away what a killed server was receiving, brings the tables and vector columns into shape, and shows the first key once.</summary>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        // Wrong settings are to be told before anything is changed.
        services.GetRequiredService<IStartupValidator>().Validate();
        // The data folder is this server's alone, and nothing is being received yet.
        services.GetRequiredService<StoredFiles>().DeleteTemporaryFiles(DateTimeOffset.MaxValue);
        await PrepareDatabaseAsync(services, cancellationToken);
    }

    /// <summary>Waits for a database that is getting up, as it is when the machine starts, or after a crash.</summary>
    private static async Task PrepareDatabaseAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var told = false;
        for (var begin = TimeProvider.System.GetTimestamp(); ; await Task.Delay(BetweenTries, cancellationToken))
        {
            try
            {
                await TryPrepareDatabaseAsync(services, cancellationToken);
                return;
            }
            catch (Exception failure) when (IsPassing(failure) && TimeProvider.System.GetElapsedTime(begin) < DatabaseGetsUp)
            {
                // Every step may be repeated. Who looks after the own database later is not at work yet.
                if (services.GetService<EmbeddedPostgres>() is { } own)
                    await own.EnsureRunningAsync(cancellationToken);
                else if (!told)
                    LogWaiting(services.GetRequiredService<ILogger<VideoDbContext>>(), UnreachableDatabase.Sentence(failure) ?? failure.Message, DatabaseGetsUp.TotalSeconds);
                told = true;
            }
        }
    }

    private static bool IsPassing(Exception failure)
        => failure is DbException { IsTransient: true } || (failure.InnerException is { } inner && IsPassing(inner));

    private static async Task TryPrepareDatabaseAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        await DatabaseSetup.MigrateAsync(db, cancellationToken);

        var models = services.GetRequiredService<ModelSet>();
        services.GetRequiredService<Readiness>().VectorColumns =
            await VectorColumns.EnsureAsync(db, VectorsOf(models, ModelRole.VisualText), VectorsOf(models, ModelRole.TextEmbedding), cancellationToken);

        if (await scope.ServiceProvider.GetRequiredService<ApiKeyStore>().EnsureFirstAsync(cancellationToken) is { } secret)
            Console.WriteLine($"\nYour API key, shown only now: {secret}\nMake others with: ./vu keys create --name NAME\n");
    }

    /// <summary>The model that fills the role's vector column; null without one.</summary>
    internal static VectorModel? VectorsOf(ModelSet models, ModelRole role)
        => models.Dimensions(role) is { } dimensions ? new VectorModel(models.Role(role)!.ModelId, dimensions) : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Setting} is set, but there is no such setting; docs/configuration.md has them all")]
    private static partial void LogUnknown(ILogger logger, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} Trying again for {Seconds} seconds")]
    private static partial void LogWaiting(ILogger logger, string reason, double seconds);
}
