using System.CommandLine;
using System.Data.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Installations;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Operations.Cli;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.App.Sessions;
using VideoUnderstanding.Server.Health;
using VideoUnderstanding.Server.Nodes;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu serve</c>: the server, with its own database unless another is configured.</summary>
public static partial class ServeCommand
{
    public const string DefaultAddress = "http://127.0.0.1:8080";

    private static readonly TimeSpan DatabaseGetsUp = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    /// <param name="settings">As <c>--Section:Name=value</c>.</param>
    public static Command Create(IReadOnlyList<string> settings)
    {
        var offline = new Option<bool>("--offline") { Description = "Does not try to download models at the first start." };
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
        // In code, because an address in appsettings.json would win over ASPNETCORE_URLS.
        string[] placesOfAddresses = ["urls", "http_ports", "https_ports"];
        if (placesOfAddresses.All(place => string.IsNullOrEmpty(builder.Configuration[place]))
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

    /// <summary>Serves until the token is cancelled. Downloads no models.</summary>
    /// <param name="whenStarted">Runs beside the server once it listens.</param>
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
            LogUnknown(app.Logger, setting);
        await PrepareAsync(app.Services, mayDownload, cancellationToken);
        try
        {
            await app.StartAsync(cancellationToken);
            if (app.Services.GetRequiredService<IOptions<NodeOptions>>().Value.Role != NodeRole.Worker)
                await ShowSetupLinkAsync(app, cancellationToken);
            await whenStarted(app);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await app.StopAsync(CancellationToken.None);
            throw ListenAddresses.Refused(string.Join(", ", app.Urls), taken.InnerException.Message);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Removes unfinished uploads of an earlier process, prepares the database and the models, and shows the first key
    /// once.</summary>
    private static async Task PrepareAsync(IServiceProvider services, bool mayDownload, CancellationToken cancellationToken)
    {
        // Wrong settings must be reported before anything changes.
        services.GetRequiredService<IStartupValidator>().Validate();
        // The data folder belongs to this server alone, and no upload is running yet.
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

        var models = services.GetRequiredService<ModelSet>();
        services.GetRequiredService<Readiness>().VectorColumns = await WithDatabaseAsync(services, db => VectorColumns.EnsureAsync(
            db, models.VectorModel(ModelRole.VisualText), models.VectorModel(ModelRole.TextEmbedding), cancellationToken),
            cancellationToken);
        if (services.GetRequiredService<IOptions<NodeOptions>>().Value.Role != NodeRole.Worker
            && await WithDatabaseAsync(services, db => FirstKeyAsync(services, db, cancellationToken), cancellationToken) is { } secret)
            FirstKey.Show(secret, services.GetRequiredService<DataFolder>().Root);
    }

    /// <summary>Shows the link that creates the first administrator, as long as there is no user.</summary>
    private static async Task ShowSetupLinkAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var hasUser = await WithDatabaseAsync(app.Services, async db =>
        {
            var users = ActivatorUtilities.CreateInstance<UserStore>(app.Services, db);
            await users.MoveEarlierPasswordAsync(app.Services.GetRequiredService<DataFolder>(), cancellationToken);
            return await users.AnyAsync(cancellationToken);
        }, cancellationToken);
        var link = app.Services.GetRequiredService<SetupLink>();
        if (hasUser)
            link.Forget();
        else
            link.Show(app.Services.GetRequiredService<IOptions<PublicAddressOptions>>().Value.PublicAddress?.TrimEnd('/')
                ?? ListenAddresses.Local(app.Urls.First()));
    }

    /// <summary>Runs a step that may be repeated. Waits for a database that is starting, as after a boot or a crash.</summary>
    private static Task<T> WithDatabaseAsync<T>(
        IServiceProvider services, Func<VideoDbContext, Task<T>> step, CancellationToken cancellationToken)
        => WithDatabaseAsync<VideoDbContext, T>(services, step, cancellationToken);

    private static async Task<TResult> WithDatabaseAsync<TService, TResult>(
        IServiceProvider services, Func<TService, Task<TResult>> step, CancellationToken cancellationToken) where TService : notnull
    {
        var isReported = false;
        for (var begin = TimeProvider.System.GetTimestamp(); ; await Task.Delay(BetweenTries, cancellationToken))
        {
            try
            {
                await using var scope = services.CreateAsyncScope();
                return await step(scope.ServiceProvider.GetRequiredService<TService>());
            }
            catch (Exception failure) when (IsPassing(failure) && TimeProvider.System.GetElapsedTime(begin) < DatabaseGetsUp)
            {
                // The supervisor of the embedded database has not started yet.
                if (services.GetService<EmbeddedPostgres>() is { } own)
                    await own.EnsureRunningAsync(cancellationToken);
                else if (!isReported)
                    LogWaiting(services.GetRequiredService<ILogger<VideoDbContext>>(),
                        UnreachableDatabase.Sentence(failure) ?? failure.Message, DatabaseGetsUp.TotalSeconds);
                isReported = true;
            }
        }
    }

    private static bool IsPassing(Exception failure)
        => failure is DbException { IsTransient: true } || (failure.InnerException is { } inner && IsPassing(inner));

    private static Task<string?> FirstKeyAsync(IServiceProvider services, VideoDbContext db, CancellationToken cancellationToken)
        => ActivatorUtilities.CreateInstance<ApiKeyStore>(services, db).EnsureFirstAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Setting} is set, but there is no such setting; docs/configuration.md has them all")]
    private static partial void LogUnknown(ILogger logger, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} Trying again for {Seconds} seconds")]
    private static partial void LogWaiting(ILogger logger, string reason, double seconds);
}
