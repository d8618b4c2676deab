using Hangfire;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>Where a task has its video and transcript from.</summary>
/// <param name="VideoUrl">Null for an uploaded file.</param>
/// <param name="ProvidesTranscription">The user brings the transcript: no speech recognition then.</param>
/// <param name="TranscriptionUrl">Null for an uploaded transcript, or none.</param>
/// <param name="IsStreamDisabled">The video is not offered for playing.</param>
public sealed record TaskSources(
    string Language, string? VideoUrl, bool ProvidesTranscription, string? TranscriptionUrl, bool IsStreamDisabled = false);

/// <summary>Makes the rows of new videos and their tasks, commits them, all or none, and puts the tasks into the queue.</summary>
public sealed partial class NewTaskRows(VideoDbContext db, IndexingQueue queue, TimeProvider clock, ILogger<NewTaskRows> logger)
{
    /// <summary>A video that is still to be fetched and its task, which begins as validating. They are not saved yet.</summary>
    public (Video Video, IndexingTask Task) Make(VideoIndex index, string filename, TaskSources sources)
    {
        var now = clock.GetUtcNow();
        var video = new Video
        {
            Id = ObjectIds.New(clock), AccountId = index.AccountId, IndexId = index.Id, Filename = filename, CreatedAt = now,
            UpdatedAt = now,
            IsStreamDisabled = sources.IsStreamDisabled,
        };
        return (video, new IndexingTask
        {
            Id = ObjectIds.New(clock),
            AccountId = video.AccountId,
            IndexId = video.IndexId,
            VideoId = video.Id,
            State = TaskState.Validating,
            Language = sources.Language,
            Filename = video.Filename,
            VideoUrl = sources.VideoUrl,
            ProvidesTranscription = sources.ProvidesTranscription,
            TranscriptionUrl = sources.TranscriptionUrl,
            CreatedAt = now,
            UpdatedAt = now,
        });
    }

    /// <param name="beside">Writes more rows in the same transaction. An exception of it undoes all. Null for nothing.</param>
    /// <returns>An index that was deleted meanwhile: nothing is saved then. Null when all is.</returns>
    public async Task<string?> SaveAsync(
        IReadOnlyCollection<(Video Video, IndexingTask Task)> rows, Func<Task>? beside, CancellationToken cancellationToken)
    {
        string[] indexes = [.. rows.Select(row => row.Video.IndexId).Distinct()];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Locked against deletion until all rows are there, so that no video ends up in a deleted index.
        var live = await db.Indexes.FromSql(
            $"SELECT * FROM video_indexes WHERE id = ANY({indexes}) AND deleted_at IS NULL ORDER BY id FOR SHARE")
            .AsNoTracking().ToListAsync(cancellationToken);
        if (indexes.Except(live.Select(index => index.Id)).FirstOrDefault() is { } gone)
            return gone;
        if (beside is not null)
            await beside();
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
