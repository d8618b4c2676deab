using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>The order of claims, concurrent claims, and the return of tasks of dead attempts.</summary>
public sealed class TaskQueueTests(DatabaseTemplate template) : IAsyncLifetime
{
    private readonly List<AttemptLease> _attempts = [];
    private TestDatabase _database = null!;
    private IndexingBench _bench = null!;

    private TaskQueue Queue => _bench.Services.GetRequiredService<TaskQueue>();

    public async ValueTask InitializeAsync()
    {
        _database = await template.CopyAsync();
        // Each attempt holds a connection.
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Database"]
                = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { MaxPoolSize = 90 }.ConnectionString,
        };
        _bench = IndexingBench.Create(_database, settings, [new ScriptedStage("probe", validates: true)]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var attempt in _attempts)
            await attempt.DisposeAsync();
        await _bench.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_account_without_running_tasks_is_next_although_another_has_many_waiting()
    {
        var many = (await _bench.AddTaskAsync()).AccountId;
        await AddWaitingAsync(many, 49);
        var first = await ClaimAsync();
        var single = await _bench.AddTaskAsync();

        var second = await ClaimAsync();

        Assert.Equal((many, single.Id), (await AccountOfAsync(first!), second));
        Assert.Equal(many, await AccountOfAsync((await ClaimAsync())!));
    }

    [Fact]
    public async Task Tasks_of_one_account_are_claimed_in_the_order_of_their_creation()
    {
        var account = (await _bench.AddTaskAsync()).AccountId;
        await AddWaitingAsync(account, 9);
        var order = await _bench.WaitingAsync();

        var claimed = new List<string>();
        while (await ClaimAsync() is { } taskId)
            claimed.Add(taskId);

        Assert.Equal(10, claimed.Count);
        Assert.Equal(order, claimed);
    }

    [Fact]
    public async Task Concurrent_claims_never_get_the_same_task_and_leave_none()
    {
        const int Tasks = 40;
        foreach (var count in (int[])[25, 12, 3])
            await AddWaitingAsync((await _bench.AddTaskAsync()).AccountId, count - 1);
        var claims = Enumerable.Range(0, 12).Select(_ => Task.Run(async () =>
        {
            var claimed = new List<string>();
            while (await ClaimAsync() is { } taskId)
                claimed.Add(taskId);
            return claimed;
        }));

        var all = (await Task.WhenAll(claims)).SelectMany(claimed => claimed).ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
        // If another claim has locked the only task of an account, a claim continues with the next account. So no task remains.
        Assert.Equal(Tasks, all.Count);
        var tokens = await _bench.QueryAsync(db => db.Tasks.Select(task => task.AttemptToken).ToListAsync());
        Assert.Equal(Tasks, tokens.Distinct().Count());
        Assert.DoesNotContain(null, tokens);
    }

    [Fact]
    public async Task A_live_attempt_keeps_its_task_and_a_dead_one_loses_it_to_a_larger_token()
    {
        var task = await _bench.AddTaskAsync();
        Assert.Equal(task.Id, await ClaimAsync());
        Assert.Empty(await _bench.WaitingAsync());
        var before = await _bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Indexing, 1), (before.State, before.Attempts));

        await EndSessionAsync(before.AttemptToken!.Value);

        Assert.Equal([task.Id], await _bench.WaitingAsync());
        Assert.Equal(task.Id, await ClaimAsync());
        var after = await _bench.ReadAsync(task.Id);
        Assert.True(after.AttemptToken > before.AttemptToken);
        Assert.Equal(2, after.Attempts);
    }

    [Fact]
    public async Task A_claim_during_a_search_for_dead_attempts_is_not_undone()
    {
        await AddWaitingAsync((await _bench.AddTaskAsync()).AccountId, 29);
        using var stop = new CancellationTokenSource();
        var searches = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await Queue.ReturnAsync(default);
        })).ToList();

        var claims = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            var claimed = 0;
            while (await ClaimAsync() is not null)
                claimed++;
            return claimed;
        }));
        var total = (await Task.WhenAll(claims)).Sum();
        await stop.CancelAsync();
        await Task.WhenAll(searches);

        Assert.Equal(30, total);
        Assert.Empty(await _bench.WaitingAsync());
    }

    [Fact]
    public async Task A_task_that_is_locked_by_a_transaction_is_returned_after_its_end()
    {
        var task = await _bench.AddTaskAsync();
        await ClaimAsync();
        await using var holder = _database.Open();
        await using (await holder.Database.BeginTransactionAsync())
        {
            await holder.Tasks.Where(row => row.Id == task.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(column => column.Percentage, 50));
            await EndSessionAsync((await _bench.ReadAsync(task.Id)).AttemptToken!.Value);
            Assert.Empty(await _bench.WaitingAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        }
        Assert.Equal([task.Id], await _bench.WaitingAsync());
    }

    [Fact]
    public async Task A_delayed_task_waits_according_to_the_clock_of_the_database()
    {
        var task = await _bench.AddTaskAsync();
        await DelayAsync(task, "1 hour");
        Assert.Null(await ClaimAsync());
        await DelayAsync(task, "-1 second");
        Assert.Equal([task.Id], await _bench.WaitingAsync());
        Assert.Equal(task.Id, await ClaimAsync());
    }

    [Theory]
    [InlineData("-1 year")]
    [InlineData("1 year")]
    public async Task A_wrong_clock_neither_releases_a_running_task_nor_delays_a_waiting_one(string jump)
    {
        var (running, waiting) = (await _bench.AddTaskAsync(), await _bench.AddTaskAsync());
        Assert.Equal(running.Id, await ClaimAsync());
        // A server whose clock is wrong writes such times.
        await _bench.QueryAsync(db => db.Database.ExecuteSqlAsync($"""
            UPDATE indexing_tasks SET created_at = created_at + {jump}::interval, started_at = started_at + {jump}::interval,
                updated_at = updated_at + {jump}::interval
            """));

        Assert.Equal([waiting.Id], await _bench.WaitingAsync());
        Assert.Equal(waiting.Id, await ClaimAsync());
        Assert.Null(await ClaimAsync());
    }

    private Task<int> DelayAsync(IndexingTask task, string delay) => _bench.QueryAsync(db => db.Database.ExecuteSqlAsync(
        $"UPDATE indexing_tasks SET retry_at = now() + {delay}::interval WHERE id = {task.Id}"));

    private async Task<string?> ClaimAsync()
    {
        var attempt = await _bench.Services.GetRequiredService<SessionLeases>().BeginAttemptAsync(default);
        lock (_attempts)
            _attempts.Add(attempt);
        return await Queue.ClaimNextAsync(attempt, default);
    }

    private Task<int> EndSessionAsync(long token)
    {
        var key = SessionLeases.FirstAttemptKey + token;
        return _bench.QueryAsync(async db =>
        {
            var ended = await db.Database.ExecuteSqlAsync($"""
                SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
                WHERE locktype = 'advisory' AND (classid::bigint << 32) | objid::bigint = {key}
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """);
            return ended;
        });
    }

    private Task<string> AccountOfAsync(string taskId)
        => _bench.QueryAsync(db => db.Tasks.Where(task => task.Id == taskId).Select(task => task.AccountId).SingleAsync());

    /// <summary>Adds copies of the account's first task.</summary>
    private Task<int> AddWaitingAsync(string account, int count) => _bench.QueryAsync(async db =>
    {
        var first = await db.Tasks.AsNoTracking().FirstAsync(task => task.AccountId == account);
        for (var number = 1; number <= count; number++)
            db.Add(new IndexingTask
            {
                Id = ObjectIds.New(TimeProvider.System), AccountId = account, IndexId = first.IndexId, VideoId = first.VideoId,
                Language = "en", Filename = "clip.mp4", State = TaskState.Pending, CreatedAt = first.CreatedAt.AddSeconds(number),
                UpdatedAt = first.CreatedAt,
            });
        return await db.SaveChangesAsync();
    });
}
