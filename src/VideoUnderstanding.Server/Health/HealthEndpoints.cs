using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server.App.Operator;

namespace VideoUnderstanding.Server.Health;

public static class HealthRegistration
{
    public static IHostApplicationBuilder AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService<StartupModelCheck>();
        builder.Services.AddHostedService<SwitchedModels>();
        // Requests fail instead of waiting for models that are being loaded.
        builder.Services.Replace(ServiceDescriptor.Singleton<IQueryVectors>(provider
            => ActivatorUtilities.CreateInstance<ModelQueryVectors>(provider, false)));
        return builder;
    }
}

/// <summary>Liveness and readiness for load balancers and operators, without a key.</summary>
public static class HealthEndpoints
{
    private const double Megabyte = 1_000_000;

    private static readonly LiveResponse Live = new("live", ServerVersion.Text);

    private static readonly TimeSpan DatabaseTimeout = TimeSpan.FromSeconds(3);

    public static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("/health");
        health.MapGet("/live", () => TypedResults.Ok(Live));
        health.MapGet("/ready", GetReadinessAsync);
    }

    private static async Task<IResult> GetReadinessAsync(
        VideoDbContext db, DataFolder folder, IOptions<StorageOptions> storage, Readiness readiness,
        CancellationToken cancellationToken)
    {
        List<HealthCheck> checks = [await CheckDatabaseAsync(db, cancellationToken), CheckDisk(folder, storage.Value.MinFreeBytes)];
        if (checks[0].Ok)
            checks.Add(await CheckNodesAsync(db, cancellationToken));
        if (readiness.VectorColumns is { } reason)
            checks.Add(new HealthCheck("vector_columns", false, reason));
        checks.AddRange(readiness.Models);
        if (!readiness.ModelsChecked)
            checks.Add(new HealthCheck(Readiness.Loading, false, "The models are still being loaded and tried."));
        var ready = checks.TrueForAll(check => check.Ok);
        return Results.Json(new ReadyResponse(ready ? "ready" : "not_ready", ServerVersion.Text, [.. checks.Select(ReadyCheckDto.From)]),
            statusCode: ready ? 200 : 503);
    }

    /// <summary>With a full disk uploads are rejected, and the embedded database may stop.</summary>
    private static HealthCheck CheckDisk(DataFolder folder, long minFreeBytes)
    {
        try
        {
            var free = folder.FreeBytes;
            var detail = string.Create(CultureInfo.InvariantCulture, $"{free / Megabyte:0} MB are free on the disk of the data folder");
            return free > minFreeBytes ? new HealthCheck("disk", true, $"{detail}.")
                : new HealthCheck("disk", false, string.Create(CultureInfo.InvariantCulture,
                    $"{detail}; more than {minFreeBytes / Megabyte:0} MB must be free for new videos "
                        + $"({StorageOptions.Section}:{nameof(StorageOptions.MinFreeBytes)})."));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new HealthCheck("disk", false, $"The disk of the data folder cannot be read: {failure.Message}");
        }
    }

    /// <summary>Counts the nodes by role; <c>vu doctor</c> shows their names. This check never fails, because a load balancer must not
    /// remove an API node when there is no worker.</summary>
    private static async Task<HealthCheck> CheckNodesAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        List<string> roles;
        try
        {
            roles = await db.Nodes.Running().Select(node => node.Role).ToListAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException or TimeoutException)
        {
            return new HealthCheck("nodes", true, "The database did not answer.");
        }
        var text = string.Join(", ", roles.CountBy(role => role).OrderBy(role => role.Key, StringComparer.Ordinal)
            .Select(role => string.Create(CultureInfo.InvariantCulture, $"{role.Value} {role.Key}")));
        return new HealthCheck("nodes", true, roles.Count == 0 ? "No node has reported yet."
            : roles.Exists(role => role != "api") ? $"Running nodes by role: {text}."
            : $"Running nodes by role: {text}. None indexes videos.");
    }

    private static async Task<HealthCheck> CheckDatabaseAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(DatabaseTimeout);
        try
        {
            return await db.Database.CanConnectAsync(timeout.Token)
                ? new HealthCheck("database", true, "The database answers.")
                : new HealthCheck("database", false, "The database does not answer.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheck("database", false, "The database does not answer in time.");
        }
    }
}

public sealed record LiveResponse(string Status, string Version);

/// <param name="Status"><c>ready</c> with status code 200, <c>not_ready</c> with 503.</param>
public sealed record ReadyResponse(string Status, string Version, IReadOnlyList<ReadyCheckDto> Checks);

public sealed record ReadyCheckDto(string Name, bool Ok, string Detail)
{
    public static ReadyCheckDto From(HealthCheck check) => new(check.Name, check.Ok, check.Detail);
}

/// <summary>Results of the checks at start-up, returned by <c>/health/ready</c>.</summary>
public sealed class Readiness
{
    /// <summary>Name of the check that fails until all models are checked.</summary>
    public const string Loading = "models";

    private readonly ConcurrentDictionary<string, HealthCheck> _models = [];

    /// <summary>Null if the vector columns fit the models; otherwise the reason.</summary>
    public string? VectorColumns { get; set; }

    /// <summary>True once every model has been checked.</summary>
    public bool ModelsChecked { get; set; }

    public IReadOnlyList<HealthCheck> Models => [.. _models.Values.OrderBy(check => check.Name, StringComparer.Ordinal)];

    public void Report(HealthCheck check) => _models[check.Name] = check;
}

/// <summary>Result of a check.</summary>
/// <param name="Detail">The result; for a failure, what is missing and how to fix it.</param>
public sealed record HealthCheck(string Name, bool Ok, string Detail);
