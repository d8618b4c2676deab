using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>
/// Persists task progress. Each update checks the attempt's fencing token, so an attempt that lost its task cannot change it.
/// </summary>
public sealed class TaskJournal(IServiceScopeFactory scopes, StoredFiles files, TimeProvider clock)
{
    /// <summary>Timeout of commits. Inserting thousands of vectors into an HNSW index with millions takes a long time, and a timeout would
    /// discard hours of work.</summary>
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromMinutes(15);

    /// <summary>PostgreSQL ends a transaction that executes nothing for this long. Otherwise the transaction of a frozen process would keep
    /// the rows of its task locked, and no other process could take over.</summary>
    private const string IdleTransactionTimeout = "60s";

    /// <summary>Commits a finished stage together with its rows.</summary>
    /// <exception cref="ObsoleteAttemptException">The task, its video or its index was deleted, or a newer attempt owns the
    /// task.</exception>
    /// <exception cref="ModelsSwitchedException">The index uses other models since the attempt began.</exception>
    public async Task FinishStageAsync(IndexingRun run, IIndexingStage stage, StageWrites writes, CancellationToken cancellationToken)
        => await InTransactionAsync(run, async db =>
        {
            await LockAttemptAsync(db, run, cancellationToken);
            await RequireModelsAsync(db, run, cancellationToken);
            await writes(db, cancellationToken);
            if (!run.FinishedStages.Contains(stage.Name))
                await RecordStageAsync(db, run, stage.Name, cancellationToken);
        }, () =>
        {
            if (run.FinishedStages.Add(stage.Name))
                run.AttemptNow = 1;
        }, cancellationToken);

    /// <summary>Commits a part of the rows of a running stage. Searches find it from then on, unless the task fails.</summary>
    /// <exception cref="ObsoleteAttemptException">The task, its video or its index was deleted, or a newer attempt owns the
    /// task.</exception>
    /// <exception cref="ModelsSwitchedException">The index uses other models since the attempt began.</exception>
    public async Task CommitChunkAsync(IndexingRun run, StageWrites writes, CancellationToken cancellationToken)
        => await InTransactionAsync(run, async db =>
        {
            await LockAttemptAsync(db, run, cancellationToken);
            await RequireModelsAsync(db, run, cancellationToken);
            await writes(db, cancellationToken);
            await SetPartlyIndexedAsync(db, run, clock.GetUtcNow(), cancellationToken);
        }, () => { }, cancellationToken);

    /// <summary>Returns false if the task or its video was deleted, or if a newer attempt owns the task.</summary>
    public async Task<bool> IsCurrentAttemptAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope);
        return await CurrentAttempt(db, run).AnyAsync(cancellationToken)
            && await db.ExistingVideos().AnyAsync(video => video.Id == run.VideoId, cancellationToken);
    }

    /// <summary>Accepts a valid video: sets the states pending and indexing, each with its own time.</summary>
    public async Task AcceptAsync(IndexingRun run, CancellationToken cancellationToken)
        => await InTransactionAsync(run, async db =>
        {
            foreach (var state in (TaskState[])[TaskState.Pending, TaskState.Indexing])
                await RequireAsync(CurrentAttempt(db, run).ExecuteUpdateAsync(row => row
                    .SetProperty(task => task.State, state)
                    .SetProperty(task => task.UpdatedAt, clock.GetUtcNow()), cancellationToken));
        }, () => run.Task.State = TaskState.Indexing, cancellationToken);

    /// <summary>Ends the task as ready. From then on the video is counted and completely searchable.</summary>
    /// <exception cref="ModelsSwitchedException">The index uses other models since the attempt began.</exception>
    public async Task FinishAsync(IndexingRun run, CancellationToken cancellationToken)
        => await InTransactionAsync(run, async db =>
        {
            var now = clock.GetUtcNow();
            await RequireAsync(CurrentAttempt(db, run).ExecuteUpdateAsync(row => row
                .SetProperty(task => task.State, TaskState.Ready)
                .SetProperty(task => task.Percentage, 100)
                .SetProperty(task => task.UploadPercentage, 100)
                .SetProperty(task => task.EstimatedTime, now)
                .SetProperty(task => task.UpdatedAt, now), cancellationToken));
            await RequireAsync(db.Videos.Where(video => video.Id == run.VideoId).ExecuteUpdateAsync(row => row
                .SetProperty(video => video.IndexedAt, now)
                .SetProperty(video => video.PartlyIndexedAt, (DateTimeOffset?)null)
                .SetProperty(video => video.UpdatedAt, now), cancellationToken));
            await RequireModelsAsync(db, run, cancellationToken);
            await TaskEvents.WriteAsync(db, run.Task.Id, clock, cancellationToken);
        }, () => run.Task.State = TaskState.Ready, cancellationToken);

    /// <summary>Ends the task with an existing video of the index: the task refers to it, and the task's own video is deleted.</summary>
    public async Task FinishAsDuplicateAsync(IndexingRun run, string videoId, CancellationToken cancellationToken)
    {
        await InTransactionAsync(run, async db =>
        {
            var now = clock.GetUtcNow();
            var known = await db.ExistingVideos().AsNoTracking().SingleOrDefaultAsync(video => video.Id == videoId, cancellationToken)
                ?? throw new ObsoleteAttemptException();
            await RequireAsync(CurrentAttempt(db, run).ExecuteUpdateAsync(row => row
                .SetProperty(task => task.VideoId, videoId)
                .SetProperty(task => task.State, TaskState.Ready)
                .SetProperty(task => task.Duration, known.Duration)
                .SetProperty(task => task.Width, known.Width)
                .SetProperty(task => task.Height, known.Height)
                .SetProperty(task => task.Percentage, 100)
                .SetProperty(task => task.UploadPercentage, 100)
                .SetProperty(task => task.EstimatedTime, now)
                .SetProperty(task => task.UpdatedAt, now), cancellationToken));
            await SearchTableStore.DeleteVideosAsync(db, run.Index.Id, [run.VideoId], cancellationToken);
            await db.Videos.Where(video => video.Id == run.VideoId).ExecuteDeleteAsync(cancellationToken);
            await TaskEvents.WriteAsync(db, run.Task.Id, clock, cancellationToken);
        }, () => run.Task.State = TaskState.Ready, cancellationToken);
        await files.DeleteVideoAsync(run.VideoId, cancellationToken);
    }

    /// <summary>
    /// Ends the task as failed. Keeps the video's row, which the API shows with the task, and deletes its vectors, texts and files: a retry
    /// needs a new upload.
    /// </summary>
    public async Task FailAsync(IndexingRun run, string code, string reason, CancellationToken cancellationToken)
    {
        await InTransactionAsync(run, async db =>
        {
            await RequireAsync(CurrentAttempt(db, run).ExecuteUpdateAsync(row => row
                .SetProperty(task => task.State, TaskState.Failed)
                .SetProperty(task => task.ErrorCode, code)
                .SetProperty(task => task.ErrorReason, reason)
                .SetProperty(task => task.EstimatedTime, (DateTimeOffset?)null)
                .SetProperty(task => task.UpdatedAt, clock.GetUtcNow()), cancellationToken));
            await SearchTableStore.DeleteVideosAsync(db, run.Index.Id, [run.VideoId], cancellationToken);
            await SetPartlyIndexedAsync(db, run, null, cancellationToken);
            await TaskEvents.WriteAsync(db, run.Task.Id, clock, cancellationToken);
        }, () => run.Task.State = TaskState.Failed, cancellationToken);
        await files.DeleteVideoAsync(run.VideoId, cancellationToken);
    }

    /// <summary>Ends the attempt without a result; the task waits for another one.</summary>
    /// <param name="countsAttempt">False if the video did not cause it: the server stops.</param>
    /// <param name="delay">Time until the next attempt may start.</param>
    public async Task RequeueAsync(IndexingRun run, bool countsAttempt, TimeSpan delay, CancellationToken cancellationToken)
    {
        var uncounted = countsAttempt ? 0 : 1;
        await using var scope = scopes.CreateAsyncScope();
        await Db(scope).Database.ExecuteSqlAsync($"""
            UPDATE indexing_tasks SET attempt_token = NULL, attempts = attempts - {uncounted}, updated_at = {clock.GetUtcNow()},
                state = CASE state WHEN 'indexing' THEN 'pending' ELSE state END,
                retry_at = CASE WHEN {delay.TotalSeconds} > 0 THEN now() + make_interval(secs => {delay.TotalSeconds}) END
            WHERE id = {run.Task.Id} AND attempt_token = {run.Token} AND state NOT IN ('ready', 'failed')
            """, cancellationToken);
    }

    /// <summary>Records the profile whose models the attempt uses, and the stages that need not be repeated.</summary>
    public async Task WriteProfileAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        List<string> stages = [.. run.FinishedStages];
        await using var scope = scopes.CreateAsyncScope();
        await CurrentAttempt(Db(scope), run).ExecuteUpdateAsync(row => row
            .SetProperty(task => task.Profile, run.Profile)
            .SetProperty(task => task.FinishedStages, stages), cancellationToken);
    }

    /// <summary>
    /// Cleans up if the video was deleted during indexing: deletes files that a stage has written since, and fails the task, which would
    /// otherwise never end.
    /// </summary>
    public async Task DropAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope);
        if (await db.ExistingVideos().AnyAsync(video => video.Id == run.VideoId, cancellationToken))
            return;
        db.Database.SetCommandTimeout(CommitTimeout);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var failed = await CurrentAttempt(db, run).ExecuteUpdateAsync(row => row
            .SetProperty(task => task.State, TaskState.Failed)
            .SetProperty(task => task.ErrorCode, "resource_not_exist")
            .SetProperty(task => task.ErrorReason, "The video was deleted before it was indexed.")
            .SetProperty(task => task.EstimatedTime, (DateTimeOffset?)null)
            .SetProperty(task => task.UpdatedAt, clock.GetUtcNow()), cancellationToken);
        if (failed == 1)
            await TaskEvents.WriteAsync(db, run.Task.Id, clock, cancellationToken);
        await SearchTableStore.DeleteVideosAsync(db, run.Index.Id, [run.VideoId], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await files.DeleteVideoAsync(run.VideoId, cancellationToken);
    }

    public async Task WriteProgressAsync(IndexingRun run, ProgressNow progress, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await CurrentAttempt(Db(scope), run).ExecuteUpdateAsync(row => row
            .SetProperty(task => task.Percentage, progress.Percentage)
            .SetProperty(task => task.UploadPercentage, progress.UploadPercentage)
            .SetProperty(task => task.EstimatedTime, progress.EstimatedTime), cancellationToken);
    }

    private async Task InTransactionAsync(
        IndexingRun run, Func<VideoDbContext, Task> work, Action whenCommitted, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope);
        db.Database.SetCommandTimeout(CommitTimeout);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await db.Database.ExecuteSqlAsync($"SELECT set_config('idle_in_transaction_session_timeout', {IdleTransactionTimeout}, true)",
                cancellationToken);
            await work(db);
            await transaction.CommitAsync(cancellationToken);
            whenCommitted();
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // The most likely cause: the video row was deleted meanwhile.
            await transaction.RollbackAsync(cancellationToken);
            if (await db.Videos.AnyAsync(video => video.Id == run.VideoId, cancellationToken))
                throw;
            throw new ObsoleteAttemptException();
        }
    }

    /// <summary>Records a finished stage and resets the number of attempts.</summary>
    private static async Task RecordStageAsync(VideoDbContext db, IndexingRun run, string stage, CancellationToken cancellationToken)
    {
        List<string> names = [.. run.FinishedStages, stage];
        await RequireAsync(CurrentAttempt(db, run).ExecuteUpdateAsync(row => row
            .SetProperty(task => task.FinishedStages, names)
            .SetProperty(task => task.Attempts, 1), cancellationToken));
    }

    /// <summary>Locks the task and its video until the transaction ends.</summary>
    private static async Task LockAttemptAsync(VideoDbContext db, IndexingRun run, CancellationToken cancellationToken)
    {
        // Same lock order as deletions (task before video), which prevents deadlocks.
        await RequireAsync(CurrentAttempt(db, run)
            .ExecuteUpdateAsync(row => row.SetProperty(task => task.AttemptToken, run.Token), cancellationToken));
        await RequireVideoAsync(db, run, cancellationToken);
    }

    /// <summary>Prevents the index from being switched to other models until the transaction ends.</summary>
    private static async Task RequireModelsAsync(VideoDbContext db, IndexingRun run, CancellationToken cancellationToken)
    {
        if ((await SearchTableStore.LockForWritingAsync(db, run.Index.Id, cancellationToken)).Profile != run.Profile)
            throw new ModelsSwitchedException();
    }

    private static Task SetPartlyIndexedAsync(
        VideoDbContext db, IndexingRun run, DateTimeOffset? time, CancellationToken cancellationToken)
        => db.Videos.Where(video => video.Id == run.VideoId)
            .ExecuteUpdateAsync(row => row.SetProperty(video => video.PartlyIndexedAt, time), cancellationToken);

    private static async Task RequireVideoAsync(VideoDbContext db, IndexingRun run, CancellationToken cancellationToken)
    {
        if (!await SearchTableStore.LockVideoAsync(db, run.VideoId, cancellationToken)
            || !await db.ExistingVideos().AnyAsync(video => video.Id == run.VideoId, cancellationToken))
            throw new ObsoleteAttemptException();
    }

    private static async Task RequireAsync(Task<int> rows)
    {
        if (await rows == 0)
            throw new ObsoleteAttemptException();
    }

    private static IQueryable<IndexingTask> CurrentAttempt(VideoDbContext db, IndexingRun run)
        => db.Tasks.Where(task => task.Id == run.Task.Id && task.AttemptToken == run.Token && task.State != TaskState.Ready
            && task.State != TaskState.Failed);

    private static VideoDbContext Db(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<VideoDbContext>();
}

/// <summary>The index was switched to other models during the attempt. Another attempt must repeat the stages that use models.</summary>
public sealed class ModelsSwitchedException() : Exception("The index was switched to other models.");

/// <summary>The task, its video or its index was deleted, or a newer attempt owns the task. The work is discarded.</summary>
public sealed class ObsoleteAttemptException() : Exception("This attempt no longer owns the task.");
