using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.Data;

/// <summary>Removes videos and indexes with everything below them: rows, vectors and files. Work that is queued or running for them ends.</summary>
public sealed class Removals(VideoDbContext db, StoredFiles files, TimeProvider clock)
{
    /// <summary>Millions of vectors take their time; a removal that is given up can never succeed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private static readonly TaskState[] Unfinished = [TaskState.Validating, TaskState.Pending, TaskState.Indexing];

    /// <summary>The video's task stays; one that was not finished becomes failed, and whoever waits for it is told so.</summary>
    public async Task RemoveVideoAsync(string videoId, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(Longest);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            foreach (var taskId in await db.Tasks.Where(task => task.VideoId == videoId).Select(task => task.Id).ToListAsync(cancellationToken))
                await FailAsync(taskId, cancellationToken);
            await db.Videos.Where(video => video.Id == videoId).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        // Rows first: a file without a row is only wasted space, a row without its file would be a broken video.
        files.DeleteVideo(videoId);
    }

    /// <summary>The index's row stays readable; tasks, videos and result pages go. Doing it again changes nothing.</summary>
    public async Task RemoveIndexAsync(string indexId, CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(Longest);
        var now = clock.GetUtcNow();
        List<string> videos;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // First of all: from here on no task can be added to the index (NewTaskRows locks the row).
            await db.Indexes.Where(index => index.Id == indexId && index.DeletedAt == null).ExecuteUpdateAsync(index => index
                .SetProperty(row => row.DeletedAt, now)
                .SetProperty(row => row.UpdatedAt, now), cancellationToken);
            videos = await db.Videos.Where(video => video.IndexId == indexId).Select(video => video.Id).ToListAsync(cancellationToken);
            await db.Tasks.Where(task => task.IndexId == indexId).ExecuteDeleteAsync(cancellationToken);
            await db.ResultSets.Where(set => set.IndexId == indexId).ExecuteDeleteAsync(cancellationToken);
            await db.Videos.Where(video => video.IndexId == indexId).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        videos.ForEach(files.DeleteVideo);
    }

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
