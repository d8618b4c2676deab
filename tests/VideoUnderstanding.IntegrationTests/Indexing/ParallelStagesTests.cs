using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>Stages that run in parallel, such as those of pictures and sound.</summary>
public sealed class ParallelStagesTests(DatabaseTemplate template) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private TestDatabase _database = null!;
    private IndexingBench? _bench;

    public async ValueTask InitializeAsync() => _database = await template.CopyAsync();

    public async ValueTask DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Adjacent_parallel_stages_overlap_and_each_is_recorded()
    {
        const int Tasks = 10;
        var (both, after) = (new Barrier(2), new ScriptedStage("after"));
        Task Meet(IndexingRun run, CancellationToken token)
            => both.SignalAndWait(Limit, token) ? Task.CompletedTask : Task.FromException(new TimeoutException("The other stage waits."));
        var (first, second) = (new ScriptedStage("a", Meet, isParallel: true), new ScriptedStage("b", Meet, isParallel: true));
        var bench = Bench(first, second, after);
        for (var i = 0; i < Tasks; i++)
        {
            var task = await bench.AddTaskAsync();
            await bench.RunAsync(task.Id);
            var ended = await bench.ReadAsync(task.Id);
            Assert.Equal(TaskState.Ready, ended.State);
            // Both stages end at the same moment, so one update could overwrite the other.
            Assert.Equal(["a", "after", "b"], ended.FinishedStages.Except(["probe"]).Order());
        }
        Assert.Equal((Tasks, Tasks, Tasks), (first.Runs, second.Runs, after.Runs));
    }

    [Fact]
    public async Task A_failed_stage_cancels_the_parallel_one_and_is_the_reason_of_the_task()
    {
        var (begun, cancelled) = (new TaskCompletionSource(), false);
        var endless = new ScriptedStage("a", async (_, token) =>
        {
            begun.SetResult();
            try
            {
                await Task.Delay(Limit, token);
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
                throw;
            }
        }, isParallel: true);
        var failing = new ScriptedStage("b", async (_, _) =>
        {
            await begun.Task.WaitAsync(Limit);
            throw new IndexingFailedException("video_file_broken", "The sound is damaged.");
        }, isParallel: true);
        var after = new ScriptedStage("after");
        var bench = Bench(endless, failing, after);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);

        var ended = await bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Failed, "video_file_broken", "The sound is damaged."), (ended.State, ended.ErrorCode, ended.ErrorReason));
        Assert.True(cancelled);
        Assert.Equal(0, after.Runs);
    }

    [Fact]
    public async Task A_finished_stage_is_not_repeated_when_the_parallel_one_is()
    {
        IndexingBench bench = null!;
        var finished = new ScriptedStage("a", isParallel: true);
        var interrupted = new ScriptedStage("b", async (run, token) =>
        {
            if (run.Task.FinishedStages.Contains("a"))
                return;
            while (!(await bench.ReadAsync(run.Task.Id)).FinishedStages.Contains("a"))
                await Task.Delay(20, token);
            throw new IOException("The disk is away.");
        }, isParallel: true);
        bench = Bench(finished, interrupted);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);
        await bench.RunAsync(task.Id);

        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(task.Id)).State);
        Assert.Equal((1, 2), (finished.Runs, interrupted.Runs));
    }

    [Fact]
    public async Task An_attempt_whose_stages_report_nothing_is_cancelled_and_the_task_gets_another()
    {
        var endless = new ScriptedStage("a", (run, token) => run.AttemptNow == 1 ? Task.Delay(Limit, token) : Task.CompletedTask,
            isParallel: true);
        _bench = IndexingBench.Create(_database, new Dictionary<string, string?>
        {
            ["VideoUnderstanding:Indexing:StallMinutes"] = "0.03",
            ["VideoUnderstanding:Indexing:MaxAttempts"] = "2",
        }, [new ScriptedStage("probe", validates: true), endless]);
        var task = await _bench.AddTaskAsync();

        await _bench.RunAsync(task.Id);
        var stalled = await _bench.ReadAsync(task.Id);
        await _bench.RunAsync(task.Id);

        Assert.Equal((TaskState.Pending, null), (stalled.State, stalled.ErrorCode));
        Assert.Equal(TaskState.Ready, (await _bench.ReadAsync(task.Id)).State);
        Assert.Equal(2, endless.Runs);
    }

    [Fact]
    public async Task A_task_whose_every_attempt_stalls_fails_with_the_reason()
    {
        _bench = IndexingBench.Create(_database, new Dictionary<string, string?>
        {
            ["VideoUnderstanding:Indexing:StallMinutes"] = "0.03",
            ["VideoUnderstanding:Indexing:MaxAttempts"] = "1",
        }, [new ScriptedStage("probe", validates: true), new ScriptedStage("a", (_, token) => Task.Delay(Limit, token))]);
        var task = await _bench.AddTaskAsync();

        await _bench.RunAsync(task.Id);

        var failed = await _bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Failed, "internal_server_error"), (failed.State, failed.ErrorCode));
        Assert.Contains("made no progress for", failed.ErrorReason, StringComparison.Ordinal);
    }

    private IndexingBench Bench(params ScriptedStage[] stages)
        => _bench = IndexingBench.Create(_database, stages: [new ScriptedStage("probe", validates: true), .. stages]);
}
