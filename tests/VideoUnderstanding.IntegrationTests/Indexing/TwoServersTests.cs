using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>Two servers that share one task.</summary>
public sealed class TwoServersTests(DatabaseTemplate template) : IAsyncLifetime
{
    private readonly List<IndexingBench> _benches = [];
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await template.CopyAsync();

    public async ValueTask DisposeAsync()
    {
        // The first bench deletes the folder, so it is disposed last.
        foreach (var bench in _benches.AsEnumerable().Reverse())
            await bench.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Two_servers_never_work_on_one_task_at_once()
    {
        var (started, resume) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = new ScriptedStage("a", async (_, _) => { started.SetResult(); await resume.Task; });
        var other = new ScriptedStage("a");
        var bench = Bench(new ScriptedStage("probe", validates: true), slow);
        var second = Bench(new ScriptedStage("probe", validates: true), other);
        var task = await bench.AddTaskAsync();

        var running = bench.RunAsync(task.Id);
        await started.Task;
        await second.RunAsync(task.Id);
        Assert.Equal(0, other.Runs);
        Assert.Empty(await second.WaitingAsync());
        resume.SetResult();
        await running;

        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(task.Id)).State);
        await second.RunAsync(task.Id);
        Assert.Equal(0, other.Runs);
    }

    [Fact]
    public async Task A_task_of_a_crashed_server_is_waiting_immediately_and_can_be_continued()
    {
        var bench = Bench(new ScriptedStage("probe", validates: true), new ScriptedStage("a"));
        var task = await bench.AddTaskAsync(state: TaskState.Indexing);

        Assert.Equal([task.Id], await bench.WaitingAsync());
        await bench.RunAsync(task.Id);
        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(task.Id)).State);
        Assert.Empty(await bench.WaitingAsync());
    }

    [Fact]
    public async Task An_attempt_whose_database_session_ended_stops_and_another_continues()
    {
        var started = new TaskCompletionSource();
        var stopped = false;
        var hanging = new ScriptedStage("a", async (_, token) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                stopped = true;
            }
        });
        var bench = Bench(new ScriptedStage("probe", validates: true), hanging);
        var second = Bench(new ScriptedStage("probe", validates: true), new ScriptedStage("a"));
        var task = await bench.AddTaskAsync();

        var running = bench.RunAsync(task.Id);
        await started.Task;
        await bench.QueryAsync(
            db => db.Database.ExecuteSqlRawAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database "
                + "= (SELECT oid FROM pg_database WHERE datname = current_database())"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(stopped);
        await second.RunAsync(task.Id);

        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(task.Id)).State);
        Assert.Equal(["a"], await TextsAsync(bench, task));
    }

    [Fact]
    public async Task An_obsolete_attempt_changes_nothing()
    {
        IndexingBench bench = null!;
        var overtaken = new ScriptedStage("a", (run, _) => bench.QueryAsync(db => db.Tasks.Where(task => task.Id == run.Task.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(task => task.AttemptToken, task => task.AttemptToken + 1))));
        bench = Bench(new ScriptedStage("probe", validates: true), overtaken);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);

        Assert.Equal(TaskState.Indexing, (await bench.ReadAsync(task.Id)).State);
        Assert.Empty(await TextsAsync(bench, task));
    }

    [Fact]
    public async Task A_stopping_server_finishes_its_stage_and_another_one_continues_with_the_next()
    {
        IndexingBench bench = null!;
        var last = new ScriptedStage("a", (_, _) =>
        {
            bench.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            return Task.CompletedTask;
        });
        var (never, repeated, next) = (new ScriptedStage("b"), new ScriptedStage("a"), new ScriptedStage("b"));
        bench = Bench(new ScriptedStage("probe", validates: true), last, never);
        var second = Bench(new ScriptedStage("probe", validates: true), repeated, next);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);
        Assert.Equal((TaskState.Pending, 0), ((await bench.ReadAsync(task.Id)).State, (await bench.ReadAsync(task.Id)).Attempts));
        await second.RunAsync(task.Id);

        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(task.Id)).State);
        Assert.Equal((1, 0, 0, 1), (last.Runs, never.Runs, repeated.Runs, next.Runs));
    }

    private IndexingBench Bench(params ScriptedStage[] stages)
    {
        var bench = IndexingBench.Create(_database, stages: stages, beside: _benches.FirstOrDefault());
        _benches.Add(bench);
        return bench;
    }

    private static Task<List<string>> TextsAsync(IndexingBench bench, IndexingTask task)
        => bench.QueryAsync(db => db.TextSegments.Where(row => row.VideoId == task.VideoId).OrderBy(row => row.Text).Select(row => row.Text)
            .ToListAsync());
}
