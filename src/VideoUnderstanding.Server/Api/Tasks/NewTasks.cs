using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Api.Tasks.Uploads;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>Turns accepted uploads into a task and its video: files first, then both rows at once, then the queue.</summary>
public sealed class NewTasks(NewTaskRows rows, StoredFiles files)
{
    /// <summary>A video that is still to be fetched: its task begins as validating.</summary>
    /// <returns>The task; null when the index was deleted meanwhile.</returns>
    public Task<string?> AddFetchedAsync(
        VideoIndex index, TaskOrder order, ReceivedFile? transcription, CancellationToken cancellationToken)
    {
        var (video, task) = rows.Make(index, ShownFilename.Of(order.VideoUrl!), SourcesOf(order));
        return AddAsync(video, task, null, Wanted(order, transcription), cancellationToken);
    }

    /// <summary>A video that has arrived and passed all checks. Its task begins as pending, unless the transcript is still to be
    /// fetched.</summary>
    /// <returns>The task; null when the index was deleted meanwhile.</returns>
    public Task<string?> AddUploadedAsync(
        VideoIndex index, TaskOrder order, ReceivedFile file, MediaInfo info, ReceivedFile? transcription,
        CancellationToken cancellationToken)
    {
        var (video, task) = rows.Make(index, file.Filename, SourcesOf(order));
        (video.Size, video.Sha256, video.FramesPerSecond) = (file.Size, file.Sha256, info.Video!.FramesPerSecond);
        (video.Duration, video.Width, video.Height) = (info.DurationSeconds, info.Video.Width, info.Video.Height);
        (task.Duration, task.Width, task.Height) = (video.Duration, video.Width, video.Height);
        task.State = order.TranscriptionUrl is null ? TaskState.Pending : TaskState.Validating;
        task.UploadPercentage = 100;
        return AddAsync(video, task, file, Wanted(order, transcription), cancellationToken);
    }

    private static TaskSources SourcesOf(TaskOrder order)
        => new(order.Language, order.VideoUrl?.AbsoluteUri, order.ProvidesTranscription, order.TranscriptionUrl?.AbsoluteUri,
            order.IsStreamDisabled);

    private static ReceivedFile? Wanted(TaskOrder order, ReceivedFile? transcription)
        => order is { ProvidesTranscription: true, TranscriptionUrl: null } ? transcription : null;

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
        rows.Enqueue([task.Id]);
        return task.Id;
    }
}
