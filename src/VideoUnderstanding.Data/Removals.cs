using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.Data;

/// <summary>Removes videos, indexes and tasks with everything below them: rows, vectors and files. Work that is queued or running for them
/// ends.</summary>
/// <remarks>Requests give no token of their own: a client that hangs up has asked for the removal all the same, and a removal that is taken
/// back each time never succeeds.</remarks>
public sealed class Removals(VideoDbContext db, StoredFiles files, TimeProvider clock)
{
    /// <summary>Millions of vectors take their time; a removal that is given up can never succeed.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(15);

    /// <summary>Videos whose rows go in one transaction.</summary>
    private const int BatchSize = 20;

    private static readonly TaskState[] Unfinished = [TaskState.Validating, TaskState.Pending, TaskState.Indexing];

    /// <summary>The video's task stays; one that was not finished becomes failed, and whoever waits for it is told so.</summary>
    public async Task RemoveVideoAsync(string videoId, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(CommandTimeout);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            foreach (var taskId in await db.Tasks.Where(task => task.VideoId == videoId).Select(task => task.Id)
                .ToListAsync(cancellationToken))
                await FailAsync(taskId, cancellationToken);
            // After the tasks, so that no stage that is running writes rows behind the deletion.
            foreach (var indexId in await db.Videos.Where(video => video.Id == videoId).Select(video => video.IndexId)
                .ToListAsync(cancellationToken))
                await SearchTableStore.DeleteVideosAsync(db, indexId, [videoId], cancellationToken);
            await db.Videos.Where(video => video.Id == videoId).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        // Rows first: a file without a row is only wasted space, a row without its file would be a broken video.
        await files.DeleteVideoAsync(videoId, cancellationToken);
    }

    /// <summary>Removes a failed task with its video, which was never searchable, or a ready one whose video is gone. CONTRACT, section
    /// 6.5.</summary>
    /// <returns>False for any other task: nothing is removed then.</returns>
    public async Task<bool> RemoveTaskAsync(IndexingTask task, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(CommandTimeout);
        int videos;
        // Both rows or none: a video without its task would be listed for ever and never indexed.
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // One statement decides and deletes, so that a task which starts anew meanwhile is not lost.
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

    /// <summary>The index's row stays readable; tasks, videos and result pages go. Doing it again changes nothing, or ends what was broken
    /// off.</summary>
    /// <remarks>What the index holds is out of sight after the first transaction, which is short. The tables that a large index has of its
    /// own are dropped at once, or by <see cref="FinishAsync"/> if a backup reads them. Its videos then go bit by bit, and nobody else
    /// waits for them.</remarks>
    public async Task RemoveIndexAsync(string indexId, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(CommandTimeout);
        var now = clock.GetUtcNow();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // First of all: from here on no task can be added to the index (NewTaskRows locks the row).
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

    /// <summary>Ends the removal of indexes that a crash or a lost connection has cut short.</summary>
    /// <returns>How many there were; 0 while somebody else is at it.</returns>
    public Task<int> FinishAsync(CancellationToken cancellationToken)
        => DatabaseLock.IfFreeAsync(db, () => FinishAloneAsync(cancellationToken), cancellationToken);

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
        // Tables of indexes whose rows went with their account.
        var ownerless = await db.SearchTableSets.Where(set => !db.Indexes.Any(index => index.Id == set.IndexId))
            .Select(set => set.IndexId).ToListAsync(cancellationToken);
        foreach (var indexId in ownerless)
            await SearchTableStore.RemoveIndexAsync(db, indexId, cancellationToken);
        return unfinished.Count + ownerless.Count;
    }

    /// <summary>In the order of their identifiers, so that two who remove the same index do not wait for each other.</summary>
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
