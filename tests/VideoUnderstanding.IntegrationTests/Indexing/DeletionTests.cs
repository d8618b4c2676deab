using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>Deletions of videos and indexes while their tasks wait or run.</summary>
public sealed class DeletionTests(DatabaseTemplate template) : IAsyncLifetime
{
    private const string Reason = "The video was deleted before it was indexed.";
    private TestDatabase _database = null!;
    private IndexingBench? _bench;

    public async ValueTask InitializeAsync() => _database = await template.CopyAsync();

    public async ValueTask DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deletion_waits_for_rows_that_are_being_written_and_deletes_them(bool ofIndex)
    {
        var stage = new BlockedStage(isWriting: true);
        // This stage keeps the task running until the deletion has ended.
        var deleted = new TaskCompletionSource();
        var bench = Bench(stage, new ScriptedStage("after", (_, token) => deleted.Task.WaitAsync(token)));
        var task = await AddWithFilesAsync(bench);
        var run = bench.RunAsync(task.Id);
        await stage.ReachedAsync();

        var deletion = RemoveAsync(bench, task, ofIndex);
        await _database.UntilWaitingAsync();
        Assert.False(deletion.IsCompleted);
        stage.Release();
        await deletion;
        deleted.SetResult();
        await run;

        await AssertGoneAsync(bench, task, ofIndex);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stage_writes_nothing_after_a_deletion_has_begun(bool ofIndex)
    {
        var stage = new BlockedStage(isWriting: false);
        var bench = Bench(stage);
        var task = await AddWithFilesAsync(bench);
        var run = bench.RunAsync(task.Id);
        await stage.ReachedAsync();

        await using (var other = _database.Open())
        await using (var transaction = await other.Database.BeginTransactionAsync())
        {
            // The lock stops the deletion half-way: it has changed the task and cannot delete the video.
            await other.Videos.FromSql($"SELECT * FROM videos WHERE id = {task.VideoId} FOR UPDATE").ToListAsync();
            var deletion = RemoveAsync(bench, task, ofIndex);
            await _database.UntilWaitingAsync();
            stage.Release();
            // The tasks of an index are deleted by then, so the run does not wait.
            if (ofIndex)
                await run;
            else
                await _database.UntilWaitingAsync(2);
            await transaction.CommitAsync();
            await deletion;
        }
        await run;

        await AssertGoneAsync(bench, task, ofIndex);
    }

    [Fact]
    public async Task Deleting_an_index_deletes_finished_running_and_waiting_tasks_with_their_files()
    {
        var stage = new BlockedStage(isWriting: false);
        var bench = Bench(stage);
        var running = await AddWithFilesAsync(bench);
        string[] videos = [running.VideoId, await AddToAsync(bench, running.IndexId, TaskState.Pending),
            await AddToAsync(bench, running.IndexId, TaskState.Ready)];
        var run = bench.RunAsync(running.Id);
        await stage.ReachedAsync();

        await RemoveAsync(bench, running, ofIndex: true);
        stage.Release();
        await run;

        await AssertGoneAsync(bench, running, ofIndex: true);
        Assert.Equal(0, await bench.QueryAsync(db => db.Videos.CountAsync(video => videos.Contains(video.Id))));
        Assert.Equal(0, await bench.QueryAsync(db => db.Tasks.CountAsync(row => row.IndexId == running.IndexId)));
    }

    [Fact]
    public async Task Queued_tasks_of_deleted_videos_are_removed_without_a_run()
    {
        var bench = Bench();
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var stage = new ScriptedStage("a", async (_, token) => { begun.TrySetResult(); await go.Task.WaitAsync(token); });
        using var host = JobHost.Build(_database, bench, stage, ("VideoUnderstanding:Indexing:Workers", "1"));
        var (first, ofVideo, ofIndex) = (await bench.AddTaskAsync(), await AddWithFilesAsync(bench), await AddWithFilesAsync(bench));
        await host.StartAsync();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await host.Services.GetRequiredService<TaskStarter>().StartAsync(2, default);

        await RemoveAsync(bench, ofVideo, ofIndex: false);
        await RemoveAsync(bench, ofIndex, ofIndex: true);
        go.SetResult();

        var storage = host.Services.GetRequiredService<JobStorage>().GetMonitoringApi();
        for (var attempts = 0; storage.EnqueuedCount(JobQueues.Cpu) + storage.ProcessingCount() > 0; attempts++, await Task.Delay(200))
            Assert.True(attempts < 900, "The queue is not empty after three minutes.");
        await host.StopAsync();
        Assert.Equal(1, stage.Runs);
        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(first.Id)).State);
        await AssertGoneAsync(bench, ofVideo, ofIndex: false);
        await AssertGoneAsync(bench, ofIndex, ofIndex: true);
    }

    [Fact]
    public async Task An_interrupted_index_deletion_hides_the_index_and_one_process_completes_it()
    {
        var bench = Bench();
        var task = await AddWithFilesAsync(bench);
        var other = await AddToAsync(bench, task.IndexId, TaskState.Ready);
        using var cut = new CancellationTokenSource();
        Task<int> finishing;
        await using (var holder = _database.Open())
        await using (await holder.Database.BeginTransactionAsync())
        {
            await holder.Videos.FromSql($"SELECT * FROM videos WHERE id = {other} FOR UPDATE").ToListAsync();
            var removal = RemoveAsync(bench, task, ofIndex: true, cut.Token);
            await _database.UntilWaitingAsync();

            // The index is marked as deleted before its videos are deleted.
            Assert.NotNull(
                await bench.QueryAsync(db => db.Indexes.Where(index => index.Id == task.IndexId).Select(index => index.DeletedAt)
                    .SingleAsync()));
            Assert.False(await bench.QueryAsync(db => db.Tasks.AnyAsync(row => row.IndexId == task.IndexId)));
            Assert.True(await bench.QueryAsync(db => db.Videos.AnyAsync(row => row.IndexId == task.IndexId)));
            await cut.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removal);

            finishing = FinishAsync(bench);
            await _database.UntilWaitingAsync();
            Assert.Equal(0, await FinishAsync(bench));
        }

        Assert.Equal(1, await finishing);
        await AssertGoneAsync(bench, task, ofIndex: true);
        Assert.False(await bench.QueryAsync(db => db.Videos.AnyAsync(row => row.IndexId == task.IndexId)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Files.Root, $"{other}*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_index_with_many_videos_is_deleted_completely_and_others_remain()
    {
        var bench = Bench();
        var (task, stays) = (await AddWithFilesAsync(bench), await AddWithFilesAsync(bench));
        for (var number = 0; number < 45; number++)
            await AddToAsync(bench, task.IndexId, TaskState.Ready);

        await Task.WhenAll(RemoveAsync(bench, task, ofIndex: true), RemoveAsync(bench, task, ofIndex: true));

        Assert.Equal([stays.VideoId], await bench.QueryAsync(db => db.Videos.Select(video => video.Id).ToListAsync()));
        Assert.Equal(3, Directory.EnumerateFiles(bench.Files.Root, "*", SearchOption.AllDirectories).Count());
    }

    private IndexingBench Bench(params IIndexingStage[] stages)
        => _bench = IndexingBench.Create(_database, stages: [new ScriptedStage("probe", validates: true), .. stages]);

    private static async Task<IndexingTask> AddWithFilesAsync(IndexingBench bench)
    {
        var task = await bench.AddTaskAsync(transcript: "1\n00:00:00,000 --> 00:00:01,000\nwords");
        await WriteFilesAsync(bench, task.VideoId);
        return task;
    }

    private static async Task<string> AddToAsync(IndexingBench bench, string indexId, TaskState state)
    {
        var other = await bench.AddTaskAsync(state: state);
        await bench.QueryAsync(db => db.Videos.Where(video => video.Id == other.VideoId)
            .ExecuteUpdateAsync(row => row.SetProperty(video => video.IndexId, indexId)));
        await bench.QueryAsync(db => db.Tasks.Where(task => task.Id == other.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(task => task.IndexId, indexId)));
        await WriteFilesAsync(bench, other.VideoId);
        return other.VideoId;
    }

    private static async Task WriteFilesAsync(IndexingBench bench, string videoId)
    {
        foreach (var path
            in (string[])[bench.Files.VideoPath(videoId), bench.Files.TranscriptPath(videoId), bench.Files.ThumbnailPath(videoId, 1)])
            await File.WriteAllTextAsync(path, "bytes");
    }

    private static Task RemoveAsync(IndexingBench bench, IndexingTask task, bool ofIndex, CancellationToken cancellationToken = default)
        => Task.Run(async () =>
        {
            await using var scope = bench.Services.CreateAsyncScope();
            var removals = new Removals(scope.ServiceProvider.GetRequiredService<VideoDbContext>(),
                scope.ServiceProvider.GetRequiredService<StoredFiles>(), TimeProvider.System);
            await (ofIndex ? removals.RemoveIndexAsync(task.IndexId, cancellationToken)
                : removals.RemoveVideoAsync(task.VideoId, cancellationToken));
        });

    private static Task<int> FinishAsync(IndexingBench bench)
        => bench.InScopeAsync<VideoDbContext, int>(
            db => new Removals(db, bench.Services.GetRequiredService<StoredFiles>(), TimeProvider.System).FinishAsync(default));

    private static async Task AssertGoneAsync(IndexingBench bench, IndexingTask task, bool ofIndex)
    {
        Assert.Equal(0, await bench.QueryAsync(db => db.TextSegments.CountAsync(row => row.VideoId == task.VideoId)));
        Assert.False(await bench.QueryAsync(db => db.Videos.AnyAsync(row => row.Id == task.VideoId)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Files.Root, $"{task.VideoId}*", SearchOption.AllDirectories));
        Assert.Empty(await bench.WaitingAsync());
        var row = await bench.QueryAsync(db => db.Tasks.SingleOrDefaultAsync(one => one.Id == task.Id));
        if (ofIndex)
            Assert.Null(row);
        else
            Assert.Equal((TaskState.Failed, Reason), (row!.State, row.ErrorReason));
    }
}
