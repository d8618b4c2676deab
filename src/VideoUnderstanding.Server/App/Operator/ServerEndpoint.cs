using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.Server.App.Operator;

/// <summary>The state of the server, for administrators.</summary>
internal static class ServerEndpoint
{
    public static async Task<Ok<ServerResponse>> RetrieveServerAsync(
        VideoDbContext db, DataFolder folder, Readiness readiness, IOptions<QuotaOptions> quotas, CancellationToken cancellationToken)
    {
        var overview = await ServerOverview.ReadAsync(db, cancellationToken);
        return TypedResults.Ok(new ServerResponse(
            ServerVersion.Text,
            readiness.ModelsChecked,
            readiness.VectorColumns,
            [.. readiness.Models.Select(ReadyCheckDto.From)],
            Enum.GetValues<TaskState>().ToDictionary(state => state.ToString().ToLowerInvariant(),
                state => overview.Tasks.GetValueOrDefault(state)),
            [.. overview.Failures.Select(row => new ServerFailureDto(row.TaskId, row.Filename, row.At, row.Code, row.Reason))],
            overview.IndexCount,
            [.. overview.Indexes.Select(row => new ServerIndexDto(
                row.Name, row.Account, row.Options, row.Totals.VideoCount, row.Totals.TotalDuration))],
            new ServerDiskDto(overview.StoredBytes, quotas.Value.TotalBytes > 0 ? quotas.Value.TotalBytes : null, folder.FreeBytes)));
    }

    /// <summary>The queue and the throughput of the last 24 hours.</summary>
    public static async Task<Ok<ActivityResponse>> ListActivityAsync(
        VideoDbContext db, TimeProvider clock, CancellationToken cancellationToken)
        => TypedResults.Ok(new ActivityResponse(await ServerActivity.ReadAsync(db, clock.GetUtcNow(), cancellationToken)));
}

/// <param name="Hours">Oldest first; the last hour is incomplete.</param>
public sealed record ActivityResponse(IReadOnlyList<ActivityHour> Hours);

/// <param name="ModelsChecked">False while models are being loaded and checked.</param>
/// <param name="VectorColumns">Why the stored vectors do not fit the models; omitted if they do.</param>
/// <param name="Tasks">Number of tasks by state.</param>
/// <param name="Failures">The latest failed tasks, newest first.</param>
/// <param name="IndexCount">Number of live indexes; <paramref name="Indexes"/> contains the most recently updated ones.</param>
public sealed record ServerResponse(
    string Version, bool ModelsChecked, string? VectorColumns, IReadOnlyList<ReadyCheckDto> Models,
    IReadOnlyDictionary<string, int> Tasks, IReadOnlyList<ServerFailureDto> Failures, int IndexCount,
    IReadOnlyList<ServerIndexDto> Indexes, ServerDiskDto Disk);

public sealed record ServerFailureDto(string TaskId, string Filename, DateTimeOffset At, string Code, string Reason);

/// <param name="Duration">Seconds.</param>
public sealed record ServerIndexDto(string Name, string Account, IReadOnlyList<string> Options, int Videos, double Duration);

/// <summary>Bytes.</summary>
/// <param name="Quota">Omitted without a quota.</param>
public sealed record ServerDiskDto(long Videos, long? Quota, long Free);

/// <summary>The informational version of the server's assembly; empty if unknown.</summary>
internal static class ServerVersion
{
    public static string Text { get; } = typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion ?? "";
}
