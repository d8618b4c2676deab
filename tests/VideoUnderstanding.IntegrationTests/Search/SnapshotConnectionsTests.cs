using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Statements of one search that run at the same time.</summary>
public sealed class SnapshotConnectionsTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    /// <summary>Key of an advisory lock that a test holds while statements begin.</summary>
    private const long Barrier = 5_170_044;

    /// <summary>Waits for the lock, and returns the process of the connection and the number of videos.</summary>
    private static readonly SqlStatement Read = new(
        $"SELECT pg_backend_pid(), (SELECT count(*) FROM videos WHERE index_id = @p0), pg_advisory_xact_lock_shared({Barrier})", []);

    private TestDatabase Rows => database.Rows;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(8, 3)]
    public async Task Simultaneous_statements_use_as_many_connections_as_permitted_and_read_one_snapshot(int permitted, int expected)
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddVideoAsync(index);
        var limit = LimitOf(permitted);
        await using var db = Rows.Open();
        await using var other = Rows.Open();

        var read = await InSnapshotAsync(db, limit, async reader =>
        {
            await Rows.AddVideoAsync(index);
            await using var barrier = await other.Database.BeginTransactionAsync();
            await other.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Barrier})");
            var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAsync(reader, index.Id)));
            while (await WaitingAsync(other) < expected)
                await Task.Delay(20);
            await barrier.CommitAsync();
            return await reading;
        });

        Assert.Equal(expected, read.Select(one => one.Process).Distinct().Count());
        Assert.All(read, one => Assert.Equal(1, one.Videos));
        Assert.Equal(permitted, FreeOf(limit));
        Assert.Equal(ConnectionState.Closed, db.Database.GetDbConnection().State);
    }

    [Fact]
    public async Task A_failed_statement_returns_its_connections()
    {
        var limit = LimitOf(2);
        await using var db = Rows.Open();
        var failing = new SqlStatement("SELECT 1 / (count(*) - count(*)), pg_sleep(0.1) FROM videos", []);

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<PostgresException>(() => InSnapshotAsync(db, limit,
                reader => Task.WhenAll(Enumerable.Range(0, 3).Select(_ => reader.ListAsync(failing, _ => 0, default)))));

        Assert.Equal(2, FreeOf(limit));
        Assert.Single(await InSnapshotAsync(db, limit, reader => reader.ListAsync(new SqlStatement("SELECT 1", []), _ => 0, default)));
    }

    [Fact]
    public async Task A_database_without_a_free_connection_answers_one_statement_after_another()
    {
        var index = await Rows.AddIndexAsync();
        // The pool has one connection, which the first statement uses. Waiting for another one times out after a second.
        var settings = new NpgsqlConnectionStringBuilder(Rows.ConnectionString) { MaxPoolSize = 1, Timeout = 1 };
        await using var db = OpenAs(settings);

        var read = await InSnapshotAsync(db, LimitOf(2),
            reader => Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ReadAsync(reader, index.Id))));

        Assert.Single(read.Select(one => one.Process).Distinct());
    }

    [Fact]
    public async Task A_refused_connection_is_logged_and_counted()
    {
        var index = await Rows.AddIndexAsync();
        await using var other = Rows.Open();
        await using var db = OpenAs(await AddRoleWithOneConnectionAsync(other));
        var (log, failed) = (new Warnings(), 0L);
        using var meter = Listen(count => Interlocked.Add(ref failed, count));

        var read = await InSnapshotAsync(db, LimitOf(1, log), async reader =>
        {
            await using var barrier = await other.Database.BeginTransactionAsync();
            await other.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Barrier})");
            var reading = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ReadAsync(reader, index.Id)));
            for (var attempt = 0; attempt < 500 && log.Lines.IsEmpty; attempt++)
                await Task.Delay(20);
            await barrier.CommitAsync();
            return await reading;
        });

        Assert.Single(read.Select(one => one.Process).Distinct());
        Assert.Contains("too many connections for role", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.True(failed >= 1);
    }

    [Fact]
    public async Task A_search_that_ends_before_its_side_connection_is_open_logs_nothing()
    {
        var log = new Warnings();
        await using var db = OpenAs(new NpgsqlConnectionStringBuilder(Rows.ConnectionString) { MaxPoolSize = 1, Timeout = 60 });

        await InSnapshotAsync(db, LimitOf(2, log),
            reader => Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ReadAsync(reader, ""))));

        Assert.Empty(log.Lines);
    }

    [Fact]
    public void Failures_are_logged_at_most_once_per_minute_with_their_number()
    {
        var (clock, log) = (new FakeTimeProvider(), new Warnings());
        var limit = LimitOf(1, log, clock);

        for (var second = 0; second < 60; second++, clock.Advance(TimeSpan.FromSeconds(1)))
            limit.ReportFailure(new NpgsqlException("refused"));
        Assert.StartsWith("1 side connections", Assert.Single(log.Lines), StringComparison.Ordinal);
        limit.ReportFailure(new NpgsqlException("refused"));

        Assert.Equal(2, log.Lines.Count);
        Assert.StartsWith("60 side connections", log.Lines.Last(), StringComparison.Ordinal);
    }

    /// <summary>Adds a role that PostgreSQL refuses a second connection.</summary>
    private async Task<NpgsqlConnectionStringBuilder> AddRoleWithOneConnectionAsync(VideoDbContext db)
    {
        var settings = new NpgsqlConnectionStringBuilder(Rows.ConnectionString)
        {
            Username = $"reader_{Guid.NewGuid():N}", Password = $"{Guid.NewGuid():N}", Pooling = false,
        };
        var role = $"CREATE ROLE {settings.Username} LOGIN PASSWORD '{settings.Password}' CONNECTION LIMIT 1; "
            + $"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {settings.Username}";
        await db.Database.ExecuteSqlRawAsync(role);
        return settings;
    }

    private static VideoDbContext OpenAs(NpgsqlConnectionStringBuilder settings)
        => new(((DbContextOptionsBuilder<VideoDbContext>)new DbContextOptionsBuilder<VideoDbContext>()
            .UseVideoDatabase(settings.ConnectionString)).Options);

    private static MeterListener Listen(Action<long> count)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == SearchTelemetry.SideConnectionFailures)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => count(value));
        listener.Start();
        return listener;
    }

    private static async Task<T> InSnapshotAsync<T>(VideoDbContext db, SideConnectionLimit limit, Func<StatementReader, Task<T>> read)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var connections = new SnapshotConnections(db, limit);
        return await connections.SharedAsync(() => read(new StatementReader(connections, 30)), CancellationToken.None);
    }

    private static async Task<(int Process, long Videos)> ReadAsync(StatementReader reader, string indexId)
        => (await reader.ListAsync(Read with { Values = [indexId] }, row => (row.GetInt32(0), row.GetInt64(1)), CancellationToken.None))[0];

    /// <summary>Returns the number of connections that wait for the lock.</summary>
    private static async Task<int> WaitingAsync(VideoDbContext db)
        => (await db.Database.SqlQuery<int>($"""
            SELECT count(*)::int AS "Value" FROM pg_locks WHERE locktype = 'advisory' AND objid = {Barrier} AND NOT granted
            """).ToListAsync())[0];

    private static SideConnectionLimit LimitOf(int connections, Warnings? log = null, TimeProvider? clock = null)
        => new(Options.Create(new VideoSearchOptions { SideConnections = connections }), clock ?? TimeProvider.System,
            log ?? new Warnings());

    private static int FreeOf(SideConnectionLimit limit)
    {
        var free = 0;
        while (limit.TryTake())
            free++;
        for (var i = 0; i < free; i++)
            limit.Release();
        return free;
    }

    private sealed class Warnings : ILogger<SideConnectionLimit>
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue(formatter(state, exception));
    }
}
