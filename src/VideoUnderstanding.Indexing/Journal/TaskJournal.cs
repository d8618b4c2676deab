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
/// Writes down what becomes of a task. Every write names the try it comes from by its start, so a try that lost its lease without noticing
/// changes nothing.
/// </summary>
public sealed class TaskJournal(IServiceScopeFactory scopes, StoredFiles files, TimeProvider clock)
{
    /// <summary>Thousands of vectors in an index of millions take longer than a command usually may; a write that is given up is hours of
    /// work lost.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>Puts down that a stage is done, together with the rows it made: all or nothing.</summary>
    /// <exception cref="TaskGoneException">The task, its video or its index is gone, or a later try is at work.</exception>
    public async Task FinishStageAsync(IndexingRun run, IIndexingStage stage, StageWrites writes, CancellationToken cancellationToken)
        => await InTransactionAsync(run, async db =>
        {
            await HoldAsync(db, run, cancellationToken);
            await writes(db, cancellationToken);
            if (!run.FinishedStages.Contains(stage.Name))
                await NoteStageAsync(db, run, stage.Name, cancellationToken);
        }, () =>
        {
            if (run.FinishedStages.Add(stage.Name))
                run.AttemptNow = 1;
        }, cancellationToken);

    /// <summary>Commits a part of the rows of a stage that goes on. Searches see the part from here on, until the video is ready or the
    /// task fails.</summary>
    /// <exception cref="TaskGoneException">The task, its video or its index is gone, or a newer attempt owns the task.</exception>
    public async Task CommitChunkAsync(IndexingRun run, StageWrites writes, CancellationToken cancellationToken)
        => await InTransactionAsync(run, async db =>
        {
            await HoldAsync(db, run, cancellationToken);
            await writes(db, cancellationToken);
            await SetPartlyIndexedAsync(db, run, clock.GetUtcNow(), cancellationToken);
        }, () => { }, cancellationToken);

    /// <summary>False once the task or its video was deleted, or a later try has begun.</summary>
    public async Task<bool> StillWantedAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope);
        return await Mine(db, run).AnyAsync(cancellationToken)
            && await db.LivingVideos().AnyAsync(video => video.Id == run.VideoId, cancellationToken);
    }

    /// <summary>The video has kept all rules: validating, pending, indexing, each with its own time.</summary>
    public async Task AcceptAsync(IndexingRun run, CancellationToken cancellationToken)
        => await InTransactionAsync(run, async db =>
        {
            foreach (var state in (TaskState[])[TaskState.Pending, TaskState.Indexing])
                await RequireAsync(Mine(db, run).ExecuteUpdateAsync(row => row
                    .SetProperty(task => task.State, state)
                    .SetProperty(task => task.UpdatedAt, clock.GetUtcNow()), cancellationToken));
        }, () => run.Task.State = TaskState.Indexing, cancellationToken);

    /// <summary>From here on the video is counted, and all of it is searched.</summary>
    public async Task FinishAsync(IndexingRun run, CancellationToken cancellationToken)
        => await InTransactionAsync(run, async db =>
        {
            var now = clock.GetUtcNow();
            await RequireAsync(Mine(db, run).ExecuteUpdateAsync(row => row
                .SetProperty(task => task.State, TaskState.Ready)
                .SetProperty(task => task.Percentage, 100)
                .SetProperty(task => task.UploadPercentage, 100)
                .SetProperty(task => task.EstimatedTime, now)
                .SetProperty(task => task.UpdatedAt, now), cancellationToken));
            await RequireAsync(db.Videos.Where(video => video.Id == run.VideoId).ExecuteUpdateAsync(row => row
                .SetProperty(video => video.IndexedAt, now)
                .SetProperty(video => video.PartlyIndexedAt, (DateTimeOffset?)null)
                .SetProperty(video => video.UpdatedAt, now), cancellationToken));
            await TaskEvents.WriteAsync(db, run.Task.Id, clock, cancellationToken);
        }, () => run.Task.State = TaskState.Ready, cancellationToken);

    /// <summary>Ends the task with a video that the index already had: the task names that one, and its own goes.</summary>
    public async Task FinishWithAsync(IndexingRun run, string videoId, CancellationToken cancellationToken)
    {
        await InTransactionAsync(run, async db =>
        {
            var now = clock.GetUtcNow();
            var known = await db.LivingVideos().AsNoTracking().SingleOrDefaultAsync(video => video.Id == videoId, cancellationToken)
                ?? throw new TaskGoneException();
            await RequireAsync(Mine(db, run).ExecuteUpdateAsync(row => row
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
    /// Ends the task. The video's row stays, because the API keeps showing it beside the task; its vectors, texts and files go, since
    /// nothing will ever read them and a user who tries again uploads again.
    /// </summary>
    public async Task FailAsync(IndexingRun run, string code, string reason, CancellationToken cancellationToken)
    {
        await InTransactionAsync(run, async db =>
        {
            await RequireAsync(Mine(db, run).ExecuteUpdateAsync(row => row
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

    /// <summary>The try ended without a result; another one may follow.</summary>
    /// <param name="counts">False when the video is not to blame: the server is being stopped.</param>
    public async Task PutBackAsync(IndexingRun run, bool counts, CancellationToken cancellationToken)
    {
        var state = run.Task.State == TaskState.Indexing ? TaskState.Pending : run.Task.State;
        await using var scope = scopes.CreateAsyncScope();
        await Mine(Db(scope), run).ExecuteUpdateAsync(row => row
            .SetProperty(task => task.State, state)
            .SetProperty(task => task.Attempts, task => counts ? task.Attempts : task.Attempts - 1)
            .SetProperty(task => task.UpdatedAt, clock.GetUtcNow()), cancellationToken);
    }

    /// <summary>
    /// Cleans up after a deletion that came while the video was being indexed: files that a stage may have written since, and a task that
    /// would wait for ever.
    /// </summary>
    public async Task DropAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope);
        if (await db.LivingVideos().AnyAsync(video => video.Id == run.VideoId, cancellationToken))
            return;
        db.Database.SetCommandTimeout(Longest);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var failed = await Mine(db, run).ExecuteUpdateAsync(row => row
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
        await Mine(Db(scope), run).ExecuteUpdateAsync(row => row
            .SetProperty(task => task.Percentage, progress.Percentage)
            .SetProperty(task => task.UploadPercentage, progress.UploadPercentage)
            .SetProperty(task => task.EstimatedTime, progress.EstimatedTime), cancellationToken);
    }

    private async Task InTransactionAsync(
        IndexingRun run, Func<VideoDbContext, Task> work, Action whenCommitted, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope);
        db.Database.SetCommandTimeout(Longest);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await work(db);
            await transaction.CommitAsync(cancellationToken);
            whenCommitted();
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Most likely the row that the new rows refer to was deleted while they were being made.
            await transaction.RollbackAsync(cancellationToken);
            if (await db.Videos.AnyAsync(video => video.Id == run.VideoId, cancellationToken))
                throw;
            throw new TaskGoneException();
        }
    }

    /// <summary>A finished stage is progress: the next one has all its tries again.</summary>
    private static async Task NoteStageAsync(VideoDbContext db, IndexingRun run, string stage, CancellationToken cancellationToken)
    {
        List<string> names = [.. run.FinishedStages, stage];
        await RequireAsync(Mine(db, run).ExecuteUpdateAsync(row => row
            .SetProperty(task => task.FinishedStages, names)
            .SetProperty(task => task.Attempts, 1), cancellationToken));
    }

    /// <summary>Keeps the task and its video until the transaction ends.</summary>
    private static async Task HoldAsync(VideoDbContext db, IndexingRun run, CancellationToken cancellationToken)
    {
        // Locked in the order in which a deletion locks: the task before the video, or the two could wait for each other.
        await RequireAsync(Mine(db, run)
            .ExecuteUpdateAsync(row => row.SetProperty(task => task.StartedAt, task => task.StartedAt), cancellationToken));
        await RequireVideoAsync(db, run, cancellationToken);
    }

    private static Task SetPartlyIndexedAsync(
        VideoDbContext db, IndexingRun run, DateTimeOffset? time, CancellationToken cancellationToken)
        => db.Videos.Where(video => video.Id == run.VideoId)
            .ExecuteUpdateAsync(row => row.SetProperty(video => video.PartlyIndexedAt, time), cancellationToken);

    private static async Task RequireVideoAsync(VideoDbContext db, IndexingRun run, CancellationToken cancellationToken)
    {
        // The rows of searches name no foreign key: the lock keeps the video until they are committed.
        if ((await db.Database.SqlQuery<string>($"SELECT id AS \"Value\" FROM videos WHERE id = {run.VideoId} FOR KEY SHARE")
            .ToListAsync(cancellationToken)).Count == 0
            || !await db.LivingVideos().AnyAsync(video => video.Id == run.VideoId, cancellationToken))
            throw new TaskGoneException();
    }

    private static async Task RequireAsync(Task<int> rows)
    {
        if (await rows == 0)
            throw new TaskGoneException();
    }

    private static IQueryable<IndexingTask> Mine(VideoDbContext db, IndexingRun run)
        => db.Tasks.Where(task => task.Id == run.Task.Id && task.StartedAt == run.StartedAt && task.State != TaskState.Ready
            && task.State != TaskState.Failed);

    private static VideoDbContext Db(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<VideoDbContext>();
}
