using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Nodes;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.Server.Jobs;

public static class JobServices
{
    /// <summary>Hangfire's tables stand beside ours, in a schema of their own.</summary>
    private const string Schema = "hangfire";

    /// <summary>Two, so that a large index whose removal has to be finished does not hold up the sweepers.</summary>
    private const int MaintenanceWorkers = 2;

    /// <summary>Stores and folders that are listed at the same time. A store that does not answer holds up one of them.</summary>
    private const int IntegrationWorkers = 2;

    /// <summary>Longer than a cancelled attempt needs to update its task.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    public static IHostApplicationBuilder AddJobs(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHangfire((services, hangfire) => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UseLogProvider(new JobLog(services.GetRequiredService<ILoggerFactory>()))
            .UsePostgreSqlStorage(
                postgres
                    => postgres.UseNpgsqlConnection(services.GetRequiredService<IConfiguration>()
                        .GetConnectionString(DataRegistration.ConnectionName)),
                StorageOptions()));
        builder.Services.AddSingleton<IndexingQueue>();
        builder.Services.AddSingleton<WaitingJobs>();
        if (NodeOptions.RoleIn(builder.Configuration) != NodeRole.Api)
            builder.Services.AddHangfireServer((services, options) => ConfigureIndexing(services, options));
        builder.Services.AddHangfireServer(
            (services, options)
                => Configure(services, options, JobQueues.Webhooks, services.GetRequiredService<IOptions<WebhookOptions>>().Value.Workers));
        builder.Services.AddHangfireServer(
            (services, options) => Configure(services, options, JobQueues.Integrations, IntegrationWorkers));
        builder.Services.AddHangfireServer(
            (services, options) => Configure(services, options, JobQueues.Maintenance, MaintenanceWorkers));
        // The host must wait as long as the jobs may take to stop.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<IndexingOptions>>((host, indexing)
            => host.ShutdownTimeout = TimeSpan.FromSeconds(indexing.Value.DrainSeconds) + StopTimeout * 2);
        builder.Services.AddHostedService<RecurringJobs>();
        builder.Services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section);
        builder.Services.AddHostedService<NodeHeartbeat>();
        return builder;
    }

    private static PostgreSqlStorageOptions StorageOptions() => new()
    {
        SchemaName = Schema,
        PrepareSchemaIfNecessary = true,
        QueuePollInterval = TimeSpan.FromSeconds(2),
        // A worker renews its hold on a job while it works; one that died loses it after this time.
        UseSlidingInvisibilityTimeout = true,
        InvisibilityTimeout = TimeSpan.FromMinutes(1),
        // Its locks are rows. A process that dies, or loses its connection, leaves its row, and other workers wait until the row is this
        // old. Locks are usually held for milliseconds. An index job also has a lease, so a lock that is taken too early duplicates
        // nothing.
        DistributedLockTimeout = TimeSpan.FromSeconds(15),
        // Npgsql enlists unless the connection string says otherwise, and the storage refuses to differ from it.
        EnableTransactionScopeEnlistment = true,
    };

    private static void ConfigureIndexing(IServiceProvider services, BackgroundJobServerOptions options)
    {
        var indexing = services.GetRequiredService<IOptions<IndexingOptions>>().Value;
        Configure(services, options, JobQueues.Indexing, indexing.Workers);
        // Until then a running stage goes on; then it is cancelled.
        options.StopTimeout = TimeSpan.FromSeconds(indexing.DrainSeconds);
        options.ShutdownTimeout = options.StopTimeout + StopTimeout;
    }

    private static void Configure(IServiceProvider services, BackgroundJobServerOptions options, string queue, int workers)
    {
        options.ServerName = $"{services.GetRequiredService<IOptions<NodeOptions>>().Value.Name}:{queue}";
        options.Queues = [queue];
        options.WorkerCount = workers;
        options.SchedulePollingInterval = TimeSpan.FromSeconds(5);
        options.ShutdownTimeout = StopTimeout;
    }
}
