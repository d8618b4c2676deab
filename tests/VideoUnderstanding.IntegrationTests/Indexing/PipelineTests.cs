using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Indexing.Upkeep;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

public sealed class PipelineTests(DatabaseTemplate template) : IAsyncLifetime
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
    public async Task A_task_passes_through_its_states_and_its_video_becomes_searchable()
    {
        var seen = new List<TaskState>();
        IndexingBench bench = null!;
        async Task RecordStateAsync(IndexingRun run, CancellationToken token) => seen.Add((await bench.ReadAsync(run.Task.Id)).State);
        bench = Bench(new ScriptedStage("probe", RecordStateAsync, validates: true), new ScriptedStage("a", RecordStateAsync),
            new ScriptedStage("b", RecordStateAsync));
        var task = await bench.AddTaskAsync(state: TaskState.Validating);

        await bench.RunAsync(task.Id);

        Assert.Equal([TaskState.Validating, TaskState.Indexing, TaskState.Indexing], seen);
        var ready = await bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Ready, 100, 100), (ready.State, ready.Percentage, ready.UploadPercentage));
        Assert.Equal(["probe", "a", "b"], ready.FinishedStages);
        Assert.True(ready.UpdatedAt > task.UpdatedAt);
        Assert.NotNull(
            await bench.QueryAsync(db => db.Videos.Where(video => video.Id == task.VideoId).Select(video => video.IndexedAt)
                .SingleAsync()));
    }

    [Fact]
    public async Task A_new_attempt_continues_with_the_unfinished_stage()
    {
        var (first, last) = (new ScriptedStage("a"), new ScriptedStage("c"));
        var failures = 1;
        var middle = new ScriptedStage("b",
            (_, _) => failures-- > 0 ? Task.FromException(new InvalidOperationException("once")) : Task.CompletedTask);
        var bench = Bench(new ScriptedStage("probe", validates: true), first, middle, last);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);
        Assert.Equal((TaskState.Pending, 2),
            ((await bench.ReadAsync(task.Id)).State, (await bench.ReadAsync(task.Id)).FinishedStages.Count));
        await bench.RunAsync(task.Id);

        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(task.Id)).State);
        Assert.Equal((1, 2, 1), (first.Runs, middle.Runs, last.Runs));
        Assert.Equal(["a", "b", "c"], await TextsAsync(bench, task));
    }

    [Fact]
    public async Task A_stage_that_always_fails_ends_the_task_after_the_limit_and_leaves_nothing()
    {
        var failing = new ScriptedStage("b", (_, _) => Task.FromException(new InvalidOperationException("the rows do not fit")));
        var bench = Bench(new ScriptedStage("probe", validates: true), new ScriptedStage("a"), failing);
        var task = await bench.AddTaskAsync();
        await File.WriteAllTextAsync(bench.Files.VideoPath(task.VideoId), "video");

        for (var round = 0; round < 6; round++)
            await bench.RunAsync(task.Id);

        var failed = await bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Failed, "internal_server_error", 3), (failed.State, failed.ErrorCode, failing.Runs));
        Assert.Contains("The last reason: InvalidOperationException: the rows do not fit.", failed.ErrorReason, StringComparison.Ordinal);
        Assert.Empty(await TextsAsync(bench, task));
        Assert.False(File.Exists(bench.Files.VideoPath(task.VideoId)));
        Assert.True(await bench.QueryAsync(db => db.Videos.AnyAsync(video => video.Id == task.VideoId)));
    }

    [Fact]
    public async Task Attempts_that_crashed_the_server_count()
    {
        var bench = Bench(new ScriptedStage("a"));
        var task = await bench.AddTaskAsync(state: TaskState.Indexing);
        await bench.QueryAsync(db => db.Tasks.Where(row => row.Id == task.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(column => column.Attempts, 3)));

        await bench.RunAsync(task.Id);

        var failed = await bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Failed, "internal_server_error"), (failed.State, failed.ErrorCode));
        Assert.Contains("3 times", failed.ErrorReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expected_failure_has_its_code_and_is_not_retried()
    {
        var stage = new ScriptedStage("a",
            (_, _) => Task.FromException(new IndexingFailedException("video_file_broken", "The video cannot be read. It is empty.")));
        var bench = Bench(new ScriptedStage("probe", validates: true), stage);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);
        await bench.RunAsync(task.Id);

        var failed = await bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Failed, "video_file_broken", "The video cannot be read. It is empty.", 1),
            (failed.State, failed.ErrorCode, failed.ErrorReason, stage.Runs));
    }

    [Theory]
    [InlineData(true, "video_file_broken", "The host does not answer.")]
    [InlineData(false, "model_unavailable", "The GPU was not obtained.")]
    public async Task A_temporary_failure_is_retried_and_finally_reported_with_its_own_code(bool isFetch, string code, string reason)
    {
        var failures = 1;
        Exception failure = isFetch ? new IndexingFailedException(code, reason, retry: true)
            : new ModelUnavailableException(reason, isTransient: true);
        var once = Bench(new ScriptedStage("probe", validates: true),
            new ScriptedStage("a", (_, _) => failures-- > 0 ? Task.FromException(failure) : Task.CompletedTask));
        var always = Bench(new ScriptedStage("probe", validates: true), new ScriptedStage("a", (_, _) => Task.FromException(failure)));
        var (recovering, alwaysFailing) = (await once.AddTaskAsync(), await always.AddTaskAsync());

        for (var round = 0; round < 3; round++)
        {
            await once.RunAsync(recovering.Id);
            Assert.NotEqual(TaskState.Failed, (await always.ReadAsync(alwaysFailing.Id)).State);
            await always.RunAsync(alwaysFailing.Id);
        }

        Assert.Equal(TaskState.Ready, (await once.ReadAsync(recovering.Id)).State);
        var failed = await always.ReadAsync(alwaysFailing.Id);
        Assert.Equal((TaskState.Failed, code, reason), (failed.State, failed.ErrorCode, failed.ErrorReason));
    }

    [Fact]
    public async Task A_failed_thumbnail_does_not_fail_the_task()
    {
        var real = IndexingBench.Create(_database);
        _benches.Add(real);
        var thumbnail = ActivatorUtilities.CreateInstance<WriteThumbnailStage>(real.Services);
        var bench = IndexingBench.Create(_database,
            stages: [new ScriptedStage("probe", (run, _) => Task.FromResult(run.Video = new LocalCopy(real.Files.VideoPath(run.VideoId))),
                validates: true), new ScriptedStage("a"), thumbnail], beside: real);
        _benches.Add(bench);
        var task = await bench.AddTaskAsync(addons: ["thumbnail"]);
        await File.WriteAllTextAsync(bench.Files.VideoPath(task.VideoId), "no picture in here");

        await bench.RunAsync(task.Id);

        Assert.Equal((TaskState.Ready, null), ((await bench.ReadAsync(task.Id)).State, (await bench.ReadAsync(task.Id)).ErrorReason));
        Assert.True(File.Exists(bench.Files.VideoPath(task.VideoId)));
        Assert.Equal(["a"], await TextsAsync(bench, task));
    }

    [Fact]
    public async Task Writing_the_rows_of_a_stage_may_take_longer_than_other_commands()
    {
        var slow = new ScriptedStage("a", alsoWrites: (db, token) => db.Database.ExecuteSqlRawAsync("SELECT pg_sleep(6)", token));
        var shortTimeout = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Database"] = $"{_database.ConnectionString};Command Timeout=5",
        };
        var bench = IndexingBench.Create(_database, shortTimeout, [new ScriptedStage("probe", validates: true), slow]);
        _benches.Add(bench);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);

        Assert.Equal((TaskState.Ready, 1), ((await bench.ReadAsync(task.Id)).State, slow.Runs));
        // Contexts are pooled. The longer timeout must not remain set.
        Assert.Null(await bench.InScopeAsync<VideoDbContext, int?>(db => Task.FromResult(db.Database.GetCommandTimeout())));
    }

    [Fact]
    public async Task A_stopping_server_returns_the_task_without_counting_the_attempt()
    {
        using var stop = new CancellationTokenSource();
        var stage = new ScriptedStage("a", (_, token) => { stop.Cancel(); return Task.Delay(Timeout.Infinite, token); });
        var bench = Bench(new ScriptedStage("probe", validates: true), stage);
        var task = await bench.AddTaskAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.RunAsync(task.Id, stop.Token));

        var back = await bench.ReadAsync(task.Id);
        Assert.Equal((TaskState.Pending, 0), (back.State, back.Attempts));
        Assert.Equal([task.Id], await bench.WaitingAsync());
    }

    [Theory]
    [InlineData("video")]
    [InlineData("video and task")]
    [InlineData("index")]
    public async Task A_deletion_during_the_run_ends_it_without_an_error_and_leaves_no_file(string deleted)
    {
        IndexingBench bench = null!;
        var stage = new ScriptedStage("a", async (run, _) =>
        {
            await bench.QueryAsync(async db => deleted == "index"
                ? await db.Indexes.Where(index => index.Id == run.Index.Id)
                    .ExecuteUpdateAsync(row => row.SetProperty(index => index.DeletedAt, TimeProvider.System.GetUtcNow()))
                : await db.Videos.Where(video => video.Id == run.VideoId).ExecuteDeleteAsync());
            if (deleted == "video and task")
                await bench.QueryAsync(db => db.Tasks.Where(task => task.Id == run.Task.Id).ExecuteDeleteAsync());
            await File.WriteAllTextAsync(bench.Files.ThumbnailPath(run.VideoId, 1), "made too late");
        });
        bench = Bench(new ScriptedStage("probe", validates: true), stage);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);

        Assert.Empty(await TextsAsync(bench, task));
        Assert.Empty(Directory.EnumerateFiles(bench.Files.Root, "*", SearchOption.AllDirectories));
        Assert.Empty(await bench.WaitingAsync());
        if (deleted == "video")
            Assert.Equal((TaskState.Failed, "The video was deleted before it was indexed."),
                ((await bench.ReadAsync(task.Id)).State, (await bench.ReadAsync(task.Id)).ErrorReason));
    }

    [Fact]
    public async Task A_failed_attempt_is_retried_after_a_delay()
    {
        var stage = new ScriptedStage("a", (_, _) => Task.FromException(new InvalidOperationException("always")));
        var bench = IndexingBench.Create(_database,
            new Dictionary<string, string?> { ["VideoUnderstanding:Indexing:RetryDelaySeconds"] = "60" },
            [new ScriptedStage("probe", validates: true), stage]);
        _benches.Add(bench);
        var task = await bench.AddTaskAsync();

        await bench.RunAsync(task.Id);
        await bench.RunAsync(task.Id);

        Assert.Equal(1, stage.Runs);
        Assert.Empty(await bench.WaitingAsync());
    }

    [Fact]
    public async Task Cleanup_deletes_unreferenced_files_and_keeps_the_others()
    {
        var bench = Bench(new ScriptedStage("a"));
        var (living, failed) = (await bench.AddTaskAsync(), await bench.AddTaskAsync(state: TaskState.Failed));
        var gone = ObjectIds.New(TimeProvider.System);
        var (oldPart, newPart) = (bench.Files.NewTemporaryPath(), bench.Files.NewTemporaryPath());
        var (oldPicture, newPicture) = (bench.Files.ThumbnailPath(living.VideoId, 1), bench.Files.ThumbnailPath(living.VideoId, 2));
        string[] kept = [bench.Files.VideoPath(living.VideoId), newPart, newPicture,
            bench.Files.VideoPath(ObjectIds.New(TimeProvider.System))];
        string[] old = [bench.Files.VideoPath(gone), bench.Files.TranscriptPath(gone), bench.Files.ThumbnailPath(gone, 1),
            bench.Files.VideoPath(failed.VideoId), oldPart, oldPicture];
        foreach (var path in (string[])[.. kept, .. old])
            await File.WriteAllTextAsync(path, "x");
        foreach (var path in (string[])[.. old, kept[0]])
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().AddDays(-8).UtcDateTime);
        Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(old[2])!, TimeProvider.System.GetUtcNow().AddDays(-2).UtcDateTime);
        await bench.QueryAsync(async db =>
        {
            foreach (var hours in (int[])[-1, 1])
                db.ResultSets.Add(new ResultSet
                {
                    Id = Guid.NewGuid(), AccountId = living.AccountId, IndexId = living.IndexId, Kind = "search",
                    PageLimit = 10, Payload = "{}",
                    CreatedAt = TimeProvider.System.GetUtcNow(), ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(hours),
                });
            return await db.SaveChangesAsync();
        });

        await bench.InScopeAsync<StorageCleanup, bool>(async cleanup =>
        {
            await cleanup.CleanUpAsync(default);
            await cleanup.DeleteExpiredAnswersAsync(default);
            return true;
        });

        Assert.All(kept, path => Assert.True(File.Exists(path), path));
        Assert.All(old, path => Assert.False(File.Exists(path), path));
        Assert.Equal(1, await bench.QueryAsync(db => db.ResultSets.CountAsync()));
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
