using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.Data;

/// <summary>Deletes videos, indexes and tasks with all their rows, vectors and files. Queued or running work for them ends.</summary>
/// <remarks>Callers do not pass the request's token: a deletion must continue after the client disconnects, or a long one could never
/// finish.</remarks>
public sealed class Removals(VideoDbContext db, StoredFiles files, TimeProvider clock)
{
    /// <summary>Deleting millions of vectors takes a long time.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(15);

    /// <summary>Videos deleted per transaction.</summary>
    private const int BatchSize = 20;

    private static readonly TaskState[] Unfinished = [TaskState.Validating, TaskState.Pending, TaskState.Indexing];

    /// <summary>Deletes a video. Its task is kept; an unfinished one becomes failed, with a webhook event.</summary>
    public async Task RemoveVideoAsync(string videoId, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(CommandTimeout);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            foreach (var taskId in await db.Tasks.Where(task => task.VideoId == videoId).Select(task => task.Id)
                .ToListAsync(cancellationToken))
                await FailAsync(taskId, cancellationToken);
            // After the tasks, so that no running stage adds rows after the deletion.
            foreach (var indexId in await db.Videos.Where(video => video.Id == videoId).Select(video => video.IndexId)
                .ToListAsync(cancellationToken))
                await SearchTableStore.DeleteVideosAsync(db, indexId, [videoId], cancellationToken);
            await db.Videos.Where(video => video.Id == videoId).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        // Rows first: a file without a row only wastes space, a row without its file would be a broken video.
        await files.DeleteVideoAsync(videoId, cancellationToken);
    }

    /// <summary>Deletes a failed task with its video, or a ready task whose video was deleted. CONTRACT, section 6.5.</summary>
    /// <returns>False for any other task, which is not deleted.</returns>
    public async Task<bool> RemoveTaskAsync(IndexingTask task, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(CommandTimeout);
        int videos;
        // In one transaction: a video without its task would be listed but never indexed.
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // One statement checks and deletes, so that a task that restarts meanwhile is kept.
            var tasks = await db.Tasks.Where(row => row.Id == task.Id
                    && (row.State == TaskState.Failed
                        || (row.State == TaskState.Ready && !db.Videos.Any(video => video.Id == row.VideoId))))
                .ExecuteDeleteAsync(cancellationToken);
            if (tasks == 0)
                return false;
            videos = await db.Videos.Where(video => video.Id == task.VideoId && video.IndexedAt == null)
                .ExecuteDeleteAsync(cancellationToken);
            if (videos > 0)
                await SearchTableStore.DeleteVideosAsync(db, task.IndexId, [task.VideoId], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        if (videos > 0)
            await files.DeleteVideoAsync(task.VideoId, cancellationToken);
        return true;
    }

    /// <summary>Deletes an index. Its row remains readable; tasks, videos and result pages are deleted. Repeating it has no effect, or
    /// completes an interrupted deletion.</summary>
    /// <remarks>A first, short transaction hides the contents. Dedicated tables are dropped at once, or by <see cref="FinishAsync"/> if a
    /// backup reads them. Videos are then deleted in small batches, so that other work does not wait.</remarks>
    public async Task RemoveIndexAsync(string indexId, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(CommandTimeout);
        var now = clock.GetUtcNow();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // First, so that no task can be added to the index (TaskRowWriter locks the row).
            await db.Indexes.Where(index => index.Id == indexId && index.DeletedAt == null).ExecuteUpdateAsync(index => index
                .SetProperty(row => row.DeletedAt, now)
                .SetProperty(row => row.UpdatedAt, now), cancellationToken);
            await db.Tasks.Where(task => task.IndexId == indexId).ExecuteDeleteAsync(cancellationToken);
            await db.ResultSets.Where(set => set.IndexId == indexId).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        await SearchTableStore.RemoveIndexAsync(db, indexId, cancellationToken);
        while (await db.Videos.AnyAsync(video => video.IndexId == indexId, cancellationToken))
            foreach (var videoId in await RemoveSomeVideosAsync(indexId, cancellationToken))
                await files.DeleteVideoAsync(videoId, cancellationToken);
    }

    /// <summary>Completes deletions of indexes that were interrupted by a crash or a lost connection.</summary>
    /// <returns>Number of completed deletions; 0 while another server does this.</returns>
    public Task<int> FinishAsync(CancellationToken cancellationToken)
        => DatabaseLock.TryRunAsync(db, () => FinishAloneAsync(cancellationToken), cancellationToken);

    private async Task<int> FinishAloneAsync(CancellationToken cancellationToken)
    {
        var unfinished = await db.Indexes
            .Where(index => index.DeletedAt != null)
            .Where(index => db.Videos.Any(video => video.IndexId == index.Id) || db.Tasks.Any(task => task.IndexId == index.Id)
                || db.ResultSets.Any(set => set.IndexId == index.Id) || db.SearchTableSets.Any(set => set.IndexId == index.Id))
            .Select(index => index.Id)
            .ToListAsync(cancellationToken);
        foreach (var indexId in unfinished)
            await RemoveIndexAsync(indexId, cancellationToken);
        // Tables of indexes whose rows were deleted with their account.
        var ownerless = await db.SearchTableSets.Where(set => !db.Indexes.Any(index => index.Id == set.IndexId))
            .Select(set => set.IndexId).ToListAsync(cancellationToken);
        foreach (var indexId in ownerless)
            await SearchTableStore.RemoveIndexAsync(db, indexId, cancellationToken);
        return unfinished.Count + ownerless.Count;
    }

    /// <summary>Deletes in order of ids, which prevents deadlocks between concurrent deletions.</summary>
    private Task<List<string>> RemoveSomeVideosAsync(string indexId, CancellationToken cancellationToken)
        => db.Database.SqlQuery<string>($"""
            DELETE FROM videos WHERE id IN (SELECT id FROM videos WHERE index_id = {indexId} ORDER BY id
                LIMIT {BatchSize} FOR UPDATE) RETURNING id AS "Value"
            """).ToListAsync(cancellationToken);

    private async Task FailAsync(string taskId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var failed = await db.Tasks.Where(task => task.Id == taskId && Unfinished.Contains(task.State)).ExecuteUpdateAsync(task => task
            .SetProperty(row => row.State, TaskState.Failed)
            .SetProperty(row => row.ErrorReason, "The video was deleted before it was indexed.")
            .SetProperty(row => row.EstimatedTime, (DateTimeOffset?)null)
            .SetProperty(row => row.UpdatedAt, now), cancellationToken);
        if (failed == 1)
            await TaskEvents.WriteAsync(db, taskId, clock, cancellationToken);
    }
}
