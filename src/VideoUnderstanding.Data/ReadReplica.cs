using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace VideoUnderstanding.Data;

/// <summary>Chooses the database of a search: the hot standby of <c>ConnectionStrings:Reads</c> if it has everything that was committed
/// before the search began, otherwise the primary. A client therefore always finds its own earlier writes. docs/scaling.md.</summary>
public sealed partial class ReadReplica(IConfiguration configuration, TimeProvider clock, ILogger<ReadReplica> logger)
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "Reads";

    /// <summary>Maximum time that a search waits for the standby to catch up.</summary>
    private static readonly TimeSpan CatchUpTime = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    /// <summary>Time for which a standby that failed is not used.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly DbContextOptions<VideoDbContext>? _options
        = configuration.GetConnectionString(ConnectionName) is { Length: > 0 } connection
            ? ((DbContextOptionsBuilder<VideoDbContext>)new DbContextOptionsBuilder<VideoDbContext>().UseVideoDatabase(connection)).Options
            : null;

    private long _unusedUntil;

    /// <summary>Reads from the standby or, if it is behind or fails, from the primary.</summary>
    /// <param name="read">Must not write. Called a second time if the standby fails meanwhile.</param>
    public async Task<T> ReadAsync<T>(
        VideoDbContext primary, Func<VideoDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        if (_options is null || clock.GetTimestamp() < Volatile.Read(ref _unusedUntil))
            return await read(primary);
        await using var standby = new VideoDbContext(_options);
        try
        {
            if (await HasCaughtUpAsync(primary, standby, cancellationToken))
                return await read(standby);
        }
        catch (Exception exception) when (IsFailureOfServer(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception);
            Volatile.Write(ref _unusedUntil, clock.GetTimestamp() + (long)(RetryDelay.TotalSeconds * clock.TimestampFrequency));
        }
        return await read(primary);
    }

    /// <summary>Waits until the standby has replayed everything that is committed now.</summary>
    private async Task<bool> HasCaughtUpAsync(VideoDbContext primary, VideoDbContext standby, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var committed = (await primary.Database.SqlQuery<string>($"SELECT pg_current_wal_lsn()::text AS \"Value\"")
            .ToListAsync(cancellationToken))[0];
        while (!(await standby.Database.SqlQuery<bool>(
            $"SELECT coalesce(pg_last_wal_replay_lsn() >= {committed}::pg_lsn, false) AS \"Value\"").ToListAsync(cancellationToken))[0])
        {
            if (Stopwatch.GetElapsedTime(begun) > CatchUpTime)
                return false;
            await Task.Delay(PollInterval, cancellationToken);
        }
        return true;
    }

    /// <summary>True if the standby is unreachable, or ended the statement because it conflicts with changes of the primary.</summary>
    private static bool IsFailureOfServer(Exception exception)
        => exception is NpgsqlException { IsTransient: true } || exception.InnerException is NpgsqlException { IsTransient: true };

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning,
        Message = "The standby of ConnectionStrings:Reads failed; searches use the primary for 10 s")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
