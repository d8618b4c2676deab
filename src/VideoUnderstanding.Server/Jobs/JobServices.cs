using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Logging;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Server.Nodes;

namespace VideoUnderstanding.Server.Jobs;

public static class JobServices
{
    /// <summary>Schema of Hangfire's tables.</summary>
    private const string Schema = "hangfire";

    /// <summary>Two, so that the deletion of a large index does not delay other maintenance.</summary>
    private const int MaintenanceWorkers = 2;

    /// <summary>Maximum sources that are listed concurrently. A source that does not answer occupies one worker.</summary>
    private const int IntegrationWorkers = 2;

    /// <summary>Exceeds the time in which a cancelled attempt updates its task.</summary>
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
        builder.Services.AddSingleton(ThisNode);
        builder.Services.AddSingleton<TaskStarter>();
        builder.Services.AddSingleton<WaitingJobs>();
        if (NodeOptions.RoleIn(builder.Configuration) != NodeRole.Api)
            builder.Services.AddHangfireServer((services, options) => ConfigureIndexing(services, options));
        builder.Services.AddHangfireServer(
            (services, options)
                => Configure(services, options, JobQueues.Notify, services.GetRequiredService<IOptions<WebhookOptions>>().Value.Workers));
        builder.Services.AddHangfireServer(
            (services, options) => Configure(services, options, JobQueues.Integrations, IntegrationWorkers));
        builder.Services.AddHangfireServer(
            (services, options) => Configure(services, options, JobQueues.Maintenance, MaintenanceWorkers));
        // The host waits at least as long as jobs need to stop.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<IndexingOptions>>((host, indexing)
            => host.ShutdownTimeout = TimeSpan.FromSeconds(indexing.Value.DrainSeconds) + StopTimeout * 2);
        builder.Services.AddHostedService<RecurringJobs>();
        builder.Services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section);
        builder.Services.AddHostedService<NodeHeartbeat>();
        return builder;
    }

    private static WorkerNode ThisNode(IServiceProvider services)
    {
        var node = services.GetRequiredService<IOptions<NodeOptions>>().Value;
        return new WorkerNode(node.Name,
            services.GetRequiredService<OnnxSessions>().UsesGpu,
            node.Role == NodeRole.Api ? 0 : services.GetRequiredService<IOptions<IndexingOptions>>().Value.Workers);
    }

    private static PostgreSqlStorageOptions StorageOptions() => new()
    {
        SchemaName = Schema,
        PrepareSchemaIfNecessary = true,
        QueuePollInterval = TimeSpan.FromSeconds(2),
        // A running worker renews its claim of a job. After this time without renewal, another worker takes the job.
        UseSlidingInvisibilityTimeout = true,
        InvisibilityTimeout = TimeSpan.FromMinutes(1),
        // Hangfire's locks are rows. A killed process leaves its row, and other workers wait until the row has this age. Locks are usually
        // held for milliseconds. Tasks are claimed by their rows, so a lock that is taken over too early duplicates no work.
        DistributedLockTimeout = TimeSpan.FromSeconds(15),
        // Must match Npgsql, which enlists by default; the storage rejects a difference.
        EnableTransactionScopeEnlistment = true,
    };

    private static void ConfigureIndexing(IServiceProvider services, BackgroundJobServerOptions options)
    {
        var indexing = services.GetRequiredService<IOptions<IndexingOptions>>().Value;
        var node = services.GetRequiredService<WorkerNode>();
        Configure(services, options, JobQueues.Of(node.Device), node.Workers);
        // A node whose GPU is unusable is announced as a CPU node.
        if (node.Device == Node.Gpu)
            options.Queues = [JobQueues.Gpu, JobQueues.Cpu];
        // After this time running stages are cancelled.
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

/// <summary>Sends Hangfire's log messages to the loggers of the host. Hangfire has one provider per process: with two hosts in a process it
/// is that of the host that was configured last. Hangfire's own provider throws after that host was disposed, which stops the workers of
/// the other host. This one drops the messages instead.</summary>
internal sealed class JobLog(ILoggerFactory loggers) : ILogProvider
{
    private readonly AspNetCoreLogProvider _provider = new(loggers);

    public ILog GetLogger(string name)
    {
        try
        {
            return _provider.GetLogger(name);
        }
        catch (ObjectDisposedException)
        {
            return new NoLog();
        }
    }

    private sealed class NoLog : ILog
    {
        public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => false;
    }
}
