using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Api.Tasks.Uploads;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>Turns accepted uploads into a task and its video: files first, then both rows at once, then the queue.</summary>
public sealed class NewTasks(NewTaskRows rows, StoredFiles files, TimeProvider clock)
{
    /// <summary>A video that is still to be fetched: its task begins as validating.</summary>
    /// <returns>The task; null when the index was deleted meanwhile.</returns>
    public Task<string?> AddFetchedAsync(VideoIndex index, TaskOrder order, ReceivedFile? transcription, CancellationToken cancellationToken)
    {
        var video = NewVideo(index, Filenames.Of(order.VideoUrl!));
        return AddAsync(video, NewTask(video, order, TaskState.Validating, uploaded: 0), null, Wanted(order, transcription), cancellationToken);
    }

    /// <summary>A video that has arrived and passed all checks. Its task begins as pending, unless the transcript is still to be fetched.</summary>
    /// <returns>The task; null when the index was deleted meanwhile.</returns>
    public Task<string?> AddUploadedAsync(
        VideoIndex index, TaskOrder order, ReceivedFile file, MediaInfo info, ReceivedFile? transcription, CancellationToken cancellationToken)
    {
        var video = NewVideo(index, file.Filename);
        (video.Size, video.Sha256) = (file.Size, file.Sha256);
        (video.Duration, video.FramesPerSecond) = (info.DurationSeconds, info.Video!.FramesPerSecond);
        (video.Width, video.Height) = (info.Video.Width, info.Video.Height);
        var state = order.TranscriptionUrl is null ? TaskState.Pending : TaskState.Validating;
        return AddAsync(video, NewTask(video, order, state, uploaded: 100), file, Wanted(order, transcription), cancellationToken);
    }

    private static ReceivedFile? Wanted(TaskOrder order, ReceivedFile? transcription)
        => order is { ProvidesTranscription: true, TranscriptionUrl: null } ? transcription : null;

    private async Task<string?> AddAsync(Video video, IndexingTask task, ReceivedFile? file, ReceivedFile? transcription, CancellationToken cancellationToken)
    {
        var isAdded = false;
        try
        {
            if (file is not null)
                File.Move(file.Path, files.VideoPath(video.Id));
            if (transcription is not null)
                File.Move(transcription.Path, files.TranscriptPath(video.Id));
            isAdded = await rows.SaveAsync([(video, task)], cancellationToken) is null;
        }
        finally
        {
            if (!isAdded)
                files.DeleteVideo(video.Id);
        }
        if (!isAdded)
            return null;
        rows.Enqueue([task.Id]);
        return task.Id;
    }

    private Video NewVideo(VideoIndex index, string filename)
    {
        var now = clock.GetUtcNow();
        return new Video { Id = ObjectIds.New(clock), AccountId = index.AccountId, IndexId = index.Id, Filename = filename, CreatedAt = now, UpdatedAt = now };
    }

    private IndexingTask NewTask(Video video, TaskOrder order, TaskState state, double uploaded) => new()
    {
        Id = ObjectIds.New(clock),
        AccountId = video.AccountId,
        IndexId = video.IndexId,
        VideoId = video.Id,
        State = state,
        Language = order.Language,
        Filename = video.Filename,
        Duration = video.Duration,
        Width = video.Width,
        Height = video.Height,
        VideoUrl = order.VideoUrl?.AbsoluteUri,
        ProvidesTranscription = order.ProvidesTranscription,
        TranscriptionUrl = order.TranscriptionUrl?.AbsoluteUri,
        UploadPercentage = uploaded,
        CreatedAt = video.CreatedAt,
        UpdatedAt = video.CreatedAt,
    };
}
