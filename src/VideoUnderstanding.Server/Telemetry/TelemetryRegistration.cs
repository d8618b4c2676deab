using System.Reflection;
using Microsoft.AspNetCore.HttpLogging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.Server.Telemetry;

/// <summary>Settings of metrics, traces and logs. The address of an OTLP collector comes from the standard variables of OpenTelemetry.
/// docs/observability.md.</summary>
public sealed class TelemetryOptions
{
    public const string Section = $"{StorageOptions.Section}:Telemetry";

    /// <summary>Serves <c>/metrics</c> in the Prometheus format, without a key.</summary>
    public bool Prometheus { get; set; }

    /// <summary>Logs one line per request: method, path without the query, status and duration.</summary>
    public bool RequestLog { get; set; }
}

/// <summary>Configures OpenTelemetry. Nothing is collected without a collector or Prometheus. docs/observability.md.</summary>
public static class TelemetryRegistration
{
    private const string Npgsql = "Npgsql";

    /// <summary>The standard variables with the collector's address, for all signals or one.</summary>
    private static readonly string[] CollectorVariables =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    /// <summary>The meters of this server, ASP.NET Core, .NET and Npgsql.</summary>
    private static readonly string[] Meters =
    [
        IndexingTelemetry.Name, InferenceTelemetry.Name, SearchTelemetry.Name, ServerTelemetry.Name,
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", Npgsql,
    ];

    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        var options = builder.Configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        if (options.RequestLog)
            AddRequestLog(builder);
        var exports = CollectorVariables.Any(name => !string.IsNullOrWhiteSpace(builder.Configuration[name]));
        if (!exports && !options.Prometheus)
            return builder;

        builder.Services.AddHostedService<QueueSampler>();
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("video-understanding",
                serviceVersion: typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
                serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters);
                if (options.Prometheus)
                    metrics.AddPrometheusExporter();
            });
        if (exports)
            telemetry.WithTracing(tracing => tracing.AddSource(IndexingTelemetry.Name, SearchTelemetry.Name, Npgsql)
                    .AddAspNetCoreInstrumentation())
                .WithLogging(_ => { }, logs => (logs.IncludeScopes, logs.IncludeFormattedMessage) = (true, true))
                .UseOtlpExporter();
        return builder;
    }

    /// <summary>Adds the request log. It must be the first middleware.</summary>
    public static void UseRequestLog(this WebApplication app)
    {
        if (app.Configuration.GetSection(TelemetryOptions.Section).GetValue<bool>(nameof(TelemetryOptions.RequestLog)))
            app.UseHttpLogging();
    }

    public static void MapTelemetry(this WebApplication app)
    {
        if (app.Configuration.GetSection(TelemetryOptions.Section).GetValue<bool>(nameof(TelemetryOptions.Prometheus)))
            app.MapPrometheusScrapingEndpoint("/metrics");
    }

    /// <summary>Queries, headers and bodies are not logged, because they may contain signatures, keys and search texts.</summary>
    private static void AddRequestLog(IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpLogging(log =>
        {
            log.LoggingFields = HttpLoggingFields.RequestMethod | HttpLoggingFields.RequestPath | HttpLoggingFields.ResponseStatusCode
                | HttpLoggingFields.Duration;
            log.CombineLogs = true;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore.HttpLogging", LogLevel.Information);
    }
}
