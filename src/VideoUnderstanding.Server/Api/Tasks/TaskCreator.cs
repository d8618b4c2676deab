using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Api.Tasks.Uploads;

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
