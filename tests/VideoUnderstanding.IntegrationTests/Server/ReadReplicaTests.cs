using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Pictures;

namespace VideoUnderstanding.IntegrationTests.Server;

/// <summary>A primary database with a hot standby.</summary>
public sealed class ReplicatedDatabase : IAsyncLifetime
{
    private readonly DataFolder _folder = new("data");

    internal EmbeddedPostgres Primary { get; private set; } = null!;

    internal StandbyPostgres Standby { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Primary = await _folder.StartAsync();
        await using (var db = DataFolder.Open(Primary))
        {
            await DatabaseSetup.MigrateAsync(db, CancellationToken.None);
            var model = new VectorModel("colours", ColourVectors.Dimensions);
            Assert.Null(await VectorColumns.EnsureAsync(db, model, model, CancellationToken.None));
        }
        Standby = await StandbyPostgres.StartAsync(Primary, _folder.Root);
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
        await _folder.DisposeAsync();
    }
}

/// <summary>Searches read from a real standby. They read from the primary if the standby is behind or unavailable. On a busy machine it can
/// be behind at any time, so the tests repeat reads until one reads from the standby. Every test leaves a running standby.</summary>
public sealed class ReadReplicaTests(ReplicatedDatabase database) : IClassFixture<ReplicatedDatabase>
{
    private readonly EmbeddedPostgres _primary = database.Primary;
    private readonly StandbyPostgres _standby = database.Standby;

    [Fact]
    public async Task A_search_on_the_standby_finds_rows_that_were_just_committed()
    {
        var replica = Replica(TimeProvider.System);
        for (var onStandby = 0; onStandby < 20;)
        {
            var (isStandby, isThere) = await FindAsync(replica, await AddAccountAsync());
            Assert.True(isThere);
            onStandby += isStandby ? 1 : 0;
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_search_finds_a_video_that_was_just_indexed(bool isSeparate, bool byPicture)
    {
        await using var rows = new TestDatabase(_primary.ConnectionString, () => Task.CompletedTask);
        var index = await rows.AddIndexAsync();
        await rows.AddFramesAsync(await rows.AddVideoAsync(index), (20, "green", 0.9), (8, "red", 0.9));
        if (isSeparate)
            await rows.SeparateAsync(index);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:Database", _primary.ConnectionString + ";Pooling=false"),
            new("ConnectionStrings:Reads", _standby.ConnectionString)]);
        builder.Services.AddSingleton<IQueryVectors>(new ColourVectors());
        builder.AddMedia();
        builder.AddData();
        builder.AddSearch();
        using var host = builder.Build();
        var logged = (await _standby.ReadLogAsync()).Length;
        await using var scope = host.Services.CreateAsyncScope();
        do
        {
            var search = scope.ServiceProvider.GetRequiredService<ReplicatedSearch>();
            var red = new PictureVector(ColourVectors.Of("red"), null);
            var found = byPicture ? await search.FindAsync(new PictureQuery(index.Id, red), CancellationToken.None)
                : await search.FindAsync(new SearchQuery(index.Id, new TextQuery("red", [IndexOptions.Visual])), CancellationToken.None);
            var clip = Assert.Single(found!);
            Assert.Equal((20, 28), (clip.Start, clip.End));
        }
        while (!(await _standby.ReadLogAsync())[logged..].Contains("frame_vectors", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_standby_that_is_behind_is_not_read_until_it_has_caught_up()
    {
        var replica = Replica(TimeProvider.System);
        await _standby.QueryAsync("SELECT pg_wal_replay_pause()");
        string id;
        try
        {
            id = await AddAccountAsync();
            Assert.Equal((false, true), await FindAsync(replica, id));
        }
        finally
        {
            await _standby.QueryAsync("SELECT pg_wal_replay_resume()");
        }

        while (!(await FindAsync(replica, id)).IsStandby)
            await Task.Delay(50);
    }

    [Fact]
    public async Task A_statement_terminated_by_the_standby_is_repeated_on_the_primary()
    {
        var (replica, attempts) = (Replica(TimeProvider.System), new List<bool>());
        var id = await AddAccountAsync();
        await using var primary = DataFolder.Open(_primary);
        while (!(await FindAsync(replica, id)).IsStandby)
            await Task.Delay(50);

        var isThere = await replica.ReadAsync(primary, async db =>
        {
            attempts.Add(await IsStandbyAsync(db));
            if (attempts[^1])
                // A conflict with changes of the primary ends a statement in the same way.
                await db.Database.ExecuteSqlRawAsync("SELECT pg_terminate_backend(pg_backend_pid())");
            return await db.Accounts.AnyAsync(account => account.Id == id);
        }, CancellationToken.None);

        Assert.True(isThere);
        Assert.Equal([true, false], attempts);
    }

    [Fact]
    public async Task An_unreachable_standby_is_used_again_after_ten_seconds()
    {
        var clock = new FakeTimeProvider();
        var replica = Replica(clock);
        var id = await AddAccountAsync();
        await _standby.StopAsync();
        try
        {
            Assert.Equal((false, true), await FindAsync(replica, id));
        }
        finally
        {
            await _standby.RestartAsync();
        }

        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal((false, true), await FindAsync(replica, id));
        clock.Advance(TimeSpan.FromSeconds(2));
        // The standby replays the log before it accepts reads.
        while (!(await FindAsync(replica, id)).IsStandby)
            clock.Advance(TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task Without_a_standby_the_primary_is_read()
    {
        var replica = new ReadReplica(new ConfigurationBuilder().Build(), TimeProvider.System, NullLogger<ReadReplica>.Instance);
        Assert.Equal((false, true), await FindAsync(replica, await AddAccountAsync()));
    }

    private ReadReplica Replica(TimeProvider clock)
        => new(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Reads", _standby.ConnectionString)]).Build(), clock,
            NullLogger<ReadReplica>.Instance);

    private async Task<(bool IsStandby, bool IsThere)> FindAsync(ReadReplica replica, string account)
    {
        await using var primary = DataFolder.Open(_primary);
        return await replica.ReadAsync(primary,
            async db => (await IsStandbyAsync(db), await db.Accounts.AnyAsync(row => row.Id == account)), CancellationToken.None);
    }

    private static async Task<bool> IsStandbyAsync(VideoDbContext db)
        => (await db.Database.SqlQueryRaw<bool>("SELECT pg_is_in_recovery() AS \"Value\"").ToListAsync())[0];

    private async Task<string> AddAccountAsync()
    {
        await using var db = DataFolder.Open(_primary);
        var id = ObjectIds.New(TimeProvider.System);
        var account = new Account { Id = id, Name = id, CreatedAt = TimeProvider.System.GetUtcNow() };
        db.Add(account);
        await db.SaveChangesAsync();
        return account.Id;
    }
}
