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

    private readonly List<VideoDbContext> _sides = [];
    private readonly Channel<VideoDbContext> _free = WithItem(first);
    private string? _snapshot;

    /// <summary>Runs reads that may use side connections. All are closed at the end.</summary>
    /// <param name="read">Runs in a REPEATABLE READ transaction of the first connection.</param>
    public async Task<T> SharedAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        if (limit is not null)
            _snapshot = (await first.Database.SqlQuery<string>($"SELECT pg_export_snapshot() AS \"Value\"")
                .ToListAsync(cancellationToken))[0];
        try
        {
            return await read();
        }
        finally
        {
            await CloseSidesAsync();
        }
    }

    /// <summary>Takes a connection for one statement. It must be given to <see cref="Return"/>.</summary>
    public async ValueTask<VideoDbContext> TakeAsync(CancellationToken cancellationToken)
        => _free.Reader.TryRead(out var free) ? free
            : await TryOpenAsync(cancellationToken) ?? await _free.Reader.ReadAsync(cancellationToken);

    public void Return(VideoDbContext connection) => _free.Writer.TryWrite(connection);

    /// <returns>Null if no further connection may be opened, or the database permits none.</returns>
    private async Task<VideoDbContext?> TryOpenAsync(CancellationToken cancellationToken)
    {
        if (TryAddSide() is not { } side)
            return null;
        try
        {
            await side.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var useSnapshot = $"SET TRANSACTION SNAPSHOT '{_snapshot}'; SET LOCAL jit = off";
            await side.Database.ExecuteSqlRawAsync(useSnapshot, cancellationToken);
            return side;
        }
        catch (NpgsqlException) when (!cancellationToken.IsCancellationRequested)
        {
            // For example too many connections. The statement waits for another connection of this search.
            return null;
        }
    }

    private VideoDbContext? TryAddSide()
    {
        lock (_sides)
        {
            if (_snapshot is null || _sides.Count >= MaxSides || limit?.TryTake() != true)
                return null;
            _sides.Add(new VideoDbContext((DbContextOptions<VideoDbContext>)first.GetService<IDbContextOptions>()));
            return _sides[^1];
        }
    }

    private async Task CloseSidesAsync()
    {
        while (_free.Reader.TryRead(out _))
        {
        }
        foreach (var side in _sides)
        {
            await side.DisposeAsync();
            limit?.Release();
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
