using Hangfire;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>Commits new videos with their tasks, all or none, and puts the tasks into the queue.</summary>
public sealed partial class NewTaskRows(VideoDbContext db, IndexingQueue queue, ILogger<NewTaskRows> logger)
{
    /// <returns>An index that was deleted meanwhile: nothing is saved then. Null when all is.</returns>
    public async Task<string?> SaveAsync(IReadOnlyCollection<(Video Video, IndexingTask Task)> rows, CancellationToken cancellationToken)
    {
        string[] indexes = [.. rows.Select(row => row.Video.IndexId).Distinct()];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Locked against deletion until all rows are there, so that no video ends up in a deleted index.
        var live = await db.Indexes.FromSql($"SELECT * FROM video_indexes WHERE id = ANY({indexes}) AND deleted_at IS NULL ORDER BY id FOR SHARE")
            .AsNoTracking().ToListAsync(cancellationToken);
        if (indexes.Except(live.Select(index => index.Id)).FirstOrDefault() is { } gone)
            return gone;
        foreach (var (video, task) in rows)
            db.AddRange(video, task);
        await db.SaveChangesAsync(cancellationToken);
        // Not cancelled any more: whether a commit that was cut short took place could not be told.
        await transaction.CommitAsync(CancellationToken.None);
        return null;
    }

    /// <summary>A queue that can not be reached loses nothing: the sweeper finds the rows.</summary>
    public void Enqueue(IReadOnlyCollection<string> taskIds)
    {
        var queued = 0;
        try
        {
            foreach (var taskId in taskIds)
            {
                queue.Enqueue(taskId);
                queued++;
            }
        }
        catch (BackgroundJobClientException failure)
        {
            LogNotQueued(logger, failure, taskIds.Count - queued);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} tasks could not be queued; the sweeper will queue them")]
    private static partial void LogNotQueued(ILogger logger, Exception exception, int count);
}
