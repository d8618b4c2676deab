using System.Data;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Search;

/// <summary>Limits the side connections of all searches of a process, which are all but the first connection of each search. Counts and
/// logs those that could not be opened.</summary>
public sealed partial class SideConnectionLimit(
    IOptions<VideoSearchOptions> options, TimeProvider clock, ILogger<SideConnectionLimit> logger)
{
    /// <summary>Minimum time between two warnings. Without it, a busy server would log one for each search.</summary>
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _free = new(options.Value.SideConnections);
    private readonly Lock _warning = new();
    private long? _warnedAt;
    private int _failures;

    internal bool TryTake() => _free.Wait(0);

    internal void Release() => _free.Release();

    /// <summary>Counts a side connection that could not be opened, and logs a warning at most once per minute.</summary>
    internal void ReportFailure(Exception exception)
    {
        SearchTelemetry.SideConnectionFailed();
        int failures;
        lock (_warning)
        {
            _failures++;
            if (_warnedAt is { } before && clock.GetElapsedTime(before) < WarningInterval)
                return;
            (failures, _failures, _warnedAt) = (_failures, 0, clock.GetTimestamp());
        }
        LogFailure(logger, failures, exception.GetBaseException().Message);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Count} side connections of searches could not be opened since the last such warning: {Reason}. "
            + "These searches run with fewer connections and take longer")]
    private static partial void LogFailure(ILogger logger, int count, string reason);
}

/// <summary>The database connections of one search: that of its context and, for statements that run at the same time, side connections
/// that read the same snapshot. Without a free side connection, statements wait for each other. Thread-safe, except for
/// <see cref="SharedAsync"/>.</summary>
/// <param name="limit">Null: only the connection of the context is used.</param>
internal sealed class SnapshotConnections(VideoDbContext first, SideConnectionLimit? limit = null)
{
    /// <summary>Maximum side connections of one search. More do not help: its largest statements depend on each other.</summary>
    private const int MaxSides = 2;

    private readonly List<(VideoDbContext Context, Task Opening)> _sides = [];
    private readonly Channel<VideoDbContext> _free = WithItem(first);
    private string? _snapshot;
    private CancellationToken _ended;

    /// <summary>Runs reads that may use side connections. All are closed at the end.</summary>
    /// <param name="read">Runs in a REPEATABLE READ transaction of the first connection.</param>
    public async Task<T> SharedAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        if (limit is not null)
            _snapshot = (await first.Database.SqlQuery<string>($"SELECT pg_export_snapshot() AS \"Value\"")
                .ToListAsync(cancellationToken))[0];
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ended = ended.Token;
        try
        {
            return await read();
        }
        finally
        {
            await ended.CancelAsync();
            await CloseSidesAsync();
        }
    }

    /// <summary>Takes a connection for one statement. It must be given to <see cref="Return"/>. If none is free, a side connection is
    /// opened; the statement gets that one or another that becomes free earlier.</summary>
    public ValueTask<VideoDbContext> TakeAsync(CancellationToken cancellationToken)
    {
        if (_free.Reader.TryRead(out var free))
            return ValueTask.FromResult(free);
        lock (_sides)
            if (_snapshot is not null && _sides.Count < MaxSides && limit?.TryTake() == true)
            {
                var side = new VideoDbContext((DbContextOptions<VideoDbContext>)first.GetService<IDbContextOptions>());
                _sides.Add((side, OpenAsync(side)));
            }
        return _free.Reader.ReadAsync(cancellationToken);
    }

    public void Return(VideoDbContext connection) => _free.Writer.TryWrite(connection);

    private async Task OpenAsync(VideoDbContext side)
    {
        try
        {
            await side.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, _ended);
            var settings = $"SET TRANSACTION SNAPSHOT '{_snapshot}'; SET LOCAL jit = off";
            await side.Database.ExecuteSqlRawAsync(settings, _ended);
            Return(side);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException
            || exception.InnerException is NpgsqlException)
        {
            // The other connections run all statements. A failure after the end of the search is not reported.
            if (!_ended.IsCancellationRequested)
                limit?.ReportFailure(exception);
        }
    }

    private async Task CloseSidesAsync()
    {
        foreach (var (side, opening) in _sides)
        {
            await opening;
            await side.DisposeAsync();
            limit?.Release();
        }
        while (_free.Reader.TryRead(out _))
        {
        }
        _sides.Clear();
        _snapshot = null;
        Return(first);
    }

    private static Channel<VideoDbContext> WithItem(VideoDbContext item)
    {
        var channel = Channel.CreateUnbounded<VideoDbContext>();
        channel.Writer.TryWrite(item);
        return channel;
    }
}
