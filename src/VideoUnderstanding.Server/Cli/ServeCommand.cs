using System.CommandLine;
using System.Data.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Installations;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Operations.Cli;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.App.Sessions;
using VideoUnderstanding.Server.Health;
using VideoUnderstanding.Server.Nodes;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu serve</c>: runs the server, with an embedded database unless another one is configured.</summary>
public static partial class ServeCommand
{
    public const string DefaultAddress = "http://127.0.0.1:8080";

    private static readonly TimeSpan DatabaseStartTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <param name="settings">As <c>--Section:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var offline = new Option<bool>("--offline") { Description = "Does not download models at the first start." };
        var role = new Option<string?>("--role")
        {
            Description = "all (default), api or worker: whether this process serves clients, indexes videos, or both.",
        };
        role.AcceptOnlyFromAmong("all", "api", "worker");
        var command = new Command("serve", "Starts the server.") { offline, role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IEnumerable<string> chosen = parsed.GetValue(role) is { } name ? [$"--{NodeOptions.Section}:{nameof(NodeOptions.Role)}={name}"]
                : [];
            await RunAsync(CreateBuilder([.. settings, .. chosen]), !parsed.GetValue(offline), _ => Task.CompletedTask, cancellationToken);
            return 0;
        });
        return command;
    }

    /// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
    public static WebApplicationBuilder CreateBuilder(IReadOnlyList<string> args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. args], ContentRootPath = AppContext.BaseDirectory,
        });
        // Set in code, because an address in appsettings.json would override ASPNETCORE_URLS.
        string[] addressKeys = ["urls", "http_ports", "https_ports"];
        if (addressKeys.All(key => string.IsNullOrEmpty(builder.Configuration[key]))
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultAddress);
        return builder;
    }

    /// <inheritdoc cref="ServeServer"/>
    public static Task ServeAsync(
        IReadOnlyList<string> args, IReadOnlyDictionary<string, string?> settings, Func<StartedServer, Task> whenStarted,
        CancellationToken cancellationToken)
    {
        var builder = CreateBuilder(args);
        builder.Configuration.AddInMemoryCollection(settings);
        return RunAsync(builder, app => whenStarted(new StartedServer(app.Urls.First(), app.Services)), cancellationToken);
    }

    /// <summary>Runs the server until the token is cancelled. Downloads no models.</summary>
    /// <param name="whenStarted">Runs once the server listens.</param>
    public static Task RunAsync(WebApplicationBuilder builder, Func<WebApplication, Task> whenStarted, CancellationToken cancellationToken)
        => RunAsync(builder, mayDownload: false, whenStarted, cancellationToken);

    private static async Task RunAsync(
        WebApplicationBuilder builder, bool mayDownload, Func<WebApplication, Task> whenStarted, CancellationToken cancellationToken)
    {
        builder.Configuration.StateDataFolder();
        ListenAddresses.RequireFree(builder.Configuration);
        using var logs = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddConsole());
        await using var database = await DatabaseAccess.OpenForServerAsync(builder.Configuration, logs.CreateLogger<EmbeddedPostgres>(),
            cancellationToken);
        builder.UseDatabase(database.ConnectionString);
        if (database.Embedded is { } embedded)
        {
            builder.Services.AddSingleton(embedded);
            builder.Services.AddHostedService<DatabaseSupervisor>();
        }
        await using var app = Program.Build(builder);
        foreach (var setting in UnknownSettings.In(builder.Configuration, builder.Services))
            LogUnknownSetting(app.Logger, setting);
        await PrepareAsync(app.Services, mayDownload, cancellationToken);
        try
        {
            await app.StartAsync(cancellationToken);
            if (app.Services.GetRequiredService<IOptions<NodeOptions>>().Value.Role != NodeRole.Worker)
                await ShowSetupLinkAsync(app, cancellationToken);
            await whenStarted(app);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            await app.StopAsync(CancellationToken.None);
            throw ListenAddresses.CreateFailure(string.Join(", ", app.Urls), failure.InnerException.Message);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Deletes unfinished uploads, prepares database and models, and shows the first key of a new database.</summary>
    private static async Task PrepareAsync(IServiceProvider services, bool mayDownload, CancellationToken cancellationToken)
    {
        // Settings are validated before anything is changed.
        services.GetRequiredService<IStartupValidator>().Validate();
        // No other process uses the data folder, and no upload is running yet.
        services.GetRequiredService<DataFolder>().DeleteTemporaryFiles(DateTimeOffset.MaxValue);

        var stored = await WithDatabaseAsync(services, async db =>
        {
            await DatabaseSetup.MigrateAsync(db, cancellationToken);
            return await VectorColumns.ReadModelsAsync(db, cancellationToken);
        }, cancellationToken);
        if (await WithDatabaseAsync(services, (StoreOwnership store) => store.ClaimAsync(cancellationToken), cancellationToken)
            is { } refusal)
            throw new CommandFailure(refusal);
        await ActivatorUtilities.CreateInstance<FirstStart>(services).ChooseProfileAsync(stored, mayDownload, cancellationToken);

        services.GetRequiredService<Readiness>().VectorColumns = await WithDatabaseAsync(services,
            db => db.EnsureVectorsAsync(services.GetRequiredService<ModelSets>(), cancellationToken), cancellationToken);
        if (services.GetRequiredService<IOptions<NodeOptions>>().Value.Role != NodeRole.Worker
            && await WithDatabaseAsync(services, db => FirstKeyAsync(services, db, cancellationToken), cancellationToken) is { } secret)
            FirstKey.Show(secret, services.GetRequiredService<DataFolder>().Root);
    }

    /// <summary>Shows the setup link if there is no user.</summary>
    private static async Task ShowSetupLinkAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var hasUser = await WithDatabaseAsync(app.Services,
            db => ActivatorUtilities.CreateInstance<UserStore>(app.Services, db).AnyAsync(cancellationToken), cancellationToken);
        var link = app.Services.GetRequiredService<SetupLink>();
        if (hasUser)
            link.DeleteFile();
        else
            link.Show(app.Services.GetRequiredService<IOptions<PublicAddressOptions>>().Value.PublicAddress?.TrimEnd('/')
                ?? ListenAddresses.LocalAddress(app.Urls.First()));
    }

    /// <summary>Runs an idempotent step. Retries while the database is starting, for example after a boot or a crash.</summary>
    private static Task<T> WithDatabaseAsync<T>(
        IServiceProvider services, Func<VideoDbContext, Task<T>> step, CancellationToken cancellationToken)
        => WithDatabaseAsync<VideoDbContext, T>(services, step, cancellationToken);

    private static async Task<TResult> WithDatabaseAsync<TService, TResult>(
        IServiceProvider services, Func<TService, Task<TResult>> step, CancellationToken cancellationToken) where TService : notnull
    {
        var isLogged = false;
        for (var begin = TimeProvider.System.GetTimestamp(); ; await Task.Delay(RetryDelay, cancellationToken))
        {
            try
            {
                await using var scope = services.CreateAsyncScope();
                return await step(scope.ServiceProvider.GetRequiredService<TService>());
            }
            catch (Exception failure) when (IsTransientFailure(failure) && TimeProvider.System.GetElapsedTime(begin) < DatabaseStartTimeout)
            {
                // The supervisor of the embedded database has not started yet.
                if (services.GetService<EmbeddedPostgres>() is { } own)
                    await own.EnsureRunningAsync(cancellationToken);
                else if (!isLogged)
                    LogWaitingForDatabase(services.GetRequiredService<ILogger<VideoDbContext>>(),
                        UnreachableDatabase.Sentence(failure) ?? failure.Message, DatabaseStartTimeout.TotalSeconds);
                isLogged = true;
            }
        }
    }

    private static bool IsTransientFailure(Exception failure)
        => failure is DbException { IsTransient: true } || (failure.InnerException is { } inner && IsTransientFailure(inner));

    private static Task<string?> FirstKeyAsync(IServiceProvider services, VideoDbContext db, CancellationToken cancellationToken)
        => ActivatorUtilities.CreateInstance<ApiKeyStore>(services, db).EnsureFirstAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Unknown setting {Setting}; docs/configuration.md lists all settings")]
    private static partial void LogUnknownSetting(ILogger logger, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} Trying again for {Seconds} seconds")]
    private static partial void LogWaitingForDatabase(ILogger logger, string reason, double seconds);
}
