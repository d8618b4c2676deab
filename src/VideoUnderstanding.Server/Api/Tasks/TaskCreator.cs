using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>Creates a task and its video from an accepted upload: moves the files, commits both rows, then starts the task.</summary>
public sealed class TaskCreator(TaskRowWriter rows, StoredFiles files)
{
    /// <summary>Adds a video that is fetched later. Its task starts in the state validating.</summary>
    /// <returns>The id of the task; null if the index was deleted meanwhile.</returns>
    public Task<string?> AddFetchedAsync(
        VideoIndex index, TaskParameters parameters, ReceivedFile? transcription, CancellationToken cancellationToken)
    {
        var (video, task) = rows.Create(index, ShownFilename.Of(parameters.VideoUrl!), SourcesOf(parameters));
        return AddAsync(video, task, null, UploadedTranscription(parameters, transcription), cancellationToken);
    }

    /// <summary>Adds an uploaded video that passed all checks. Its task starts in the state pending, or validating if the transcript must
    /// be fetched.</summary>
    /// <returns>The id of the task; null if the index was deleted meanwhile.</returns>
    public Task<string?> AddUploadedAsync(
        VideoIndex index, TaskParameters parameters, ReceivedFile file, MediaInfo info, ReceivedFile? transcription,
        CancellationToken cancellationToken)
    {
        var (video, task) = rows.Create(index, file.Filename, SourcesOf(parameters));
        (video.Size, video.Sha256, video.FramesPerSecond) = (file.Size, file.Sha256, info.Video!.FramesPerSecond);
        (video.Duration, video.Width, video.Height) = (info.DurationSeconds, info.Video.Width, info.Video.Height);
        (task.Duration, task.Width, task.Height) = (video.Duration, video.Width, video.Height);
        task.State = parameters.TranscriptionUrl is null ? TaskState.Pending : TaskState.Validating;
        task.UploadPercentage = 100;
        return AddAsync(video, task, file, UploadedTranscription(parameters, transcription), cancellationToken);
    }

    private static TaskSources SourcesOf(TaskParameters parameters)
        => new(parameters.Language, parameters.VideoUrl?.AbsoluteUri, parameters.ProvidesTranscription,
            parameters.TranscriptionUrl?.AbsoluteUri, parameters.IsStreamDisabled);

    private static ReceivedFile? UploadedTranscription(TaskParameters parameters, ReceivedFile? transcription)
        => parameters is { ProvidesTranscription: true, TranscriptionUrl: null } ? transcription : null;

    private async Task<string?> AddAsync(
        Video video, IndexingTask task, ReceivedFile? file, ReceivedFile? transcription, CancellationToken cancellationToken)
    {
        var isAdded = false;
        try
        {
            if (file is not null)
                await files.Store.MoveInAsync(StoredFiles.VideoKey(video.Id), file.Path, cancellationToken);
            if (transcription is not null)
                await files.Store.MoveInAsync(StoredFiles.TranscriptKey(video.Id), transcription.Path, cancellationToken);
            isAdded = await rows.SaveAsync([(video, task)], null, cancellationToken) is null;
        }
        finally
        {
            if (!isAdded)
                await files.DeleteVideoAsync(video.Id, CancellationToken.None);
        }
        if (!isAdded)
            return null;
        await rows.StartAsync(1);
        return task.Id;
    }
}

/// <summary>The sources of a task's video and transcript.</summary>
/// <param name="VideoUrl">Null for an uploaded file.</param>
/// <param name="ProvidesTranscription">True if the user provides the transcript, so speech is not recognised.</param>
/// <param name="TranscriptionUrl">Null if the transcript is uploaded or there is none.</param>
/// <param name="IsStreamDisabled">True if the video may not be streamed.</param>
public sealed record TaskSources(
    string Language, string? VideoUrl, bool ProvidesTranscription, string? TranscriptionUrl, bool IsStreamDisabled = false);

/// <summary>Creates and commits the rows of new videos and their tasks in one transaction, and starts the tasks. The committed row of a
/// task is its place in the queue.</summary>
public sealed class TaskRowWriter(VideoDbContext db, TaskStarter starter, TimeProvider clock)
{
    /// <summary>Creates the rows of a video and its task in the state validating. They are not saved yet.</summary>
    public (Video Video, IndexingTask Task) Create(VideoIndex index, string filename, TaskSources sources)
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

    /// <param name="writeRelated">Writes more rows in the same transaction; an exception rolls back all rows. Null for nothing.</param>
    /// <returns>Null if all rows were saved; otherwise the id of an index that was deleted meanwhile, and nothing was saved.</returns>
    public async Task<string?> SaveAsync(
        IReadOnlyCollection<(Video Video, IndexingTask Task)> rows, Func<Task>? writeRelated, CancellationToken cancellationToken)
    {
        string[] indexes = [.. rows.Select(row => row.Video.IndexId).Distinct()];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Locked until all rows are committed, so that no video is added to a deleted index.
        var live = await db.Indexes.FromSql(
            $"SELECT * FROM video_indexes WHERE id = ANY({indexes}) AND deleted_at IS NULL ORDER BY id FOR SHARE")
            .AsNoTracking().ToListAsync(cancellationToken);
        if (indexes.Except(live.Select(index => index.Id)).FirstOrDefault() is { } deletedIndexId)
            return deletedIndexId;
        if (writeRelated is not null)
            await writeRelated();
        foreach (var (video, task) in rows)
            db.AddRange(video, task);
        await db.SaveChangesAsync(cancellationToken);
        // Not cancellable: after a cancelled commit its outcome would be unknown.
        await transaction.CommitAsync(CancellationToken.None);
        return null;
    }

    /// <summary>Starts committed tasks, as far as workers are free.</summary>
    public Task StartAsync(int count) => starter.StartAsync(count, CancellationToken.None);
}
