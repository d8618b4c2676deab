using System.Data;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Search;

/// <summary>Limits the side connections of all searches of a process: connections besides the first of each search.</summary>
public sealed class SideConnectionLimit(IOptions<VideoSearchOptions> options)
{
    private readonly SemaphoreSlim _free = new(options.Value.SideConnections);

    internal bool TryTake() => _free.Wait(0);

    internal void Release() => _free.Release();
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
            // For example too many connections, or the search has ended. The other connections run all statements.
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
