using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Reads the media information and, while the task is validating, checks the rules. Runs in every attempt, because later stages
/// need the information.</summary>
public sealed class ProbeMediaStage(MediaProbe probe, IFileStore store, IOptions<MediaLimits> limits) : IIndexingStage
{
    public string Name => "probe_media";
    public double Weight => 0;
    public bool Validates => true;
    public bool RunsInEveryAttempt => true;

    public bool AppliesTo(IndexingRun run) => true;

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        run.Video ??= await store.OpenLocalAsync(StoredFiles.VideoKey(run.VideoId), cancellationToken)
            ?? throw new IndexingFailedException("video_file_broken", "The video cannot be read. Its file is no longer there.");
        if (run.Task.ProvidesTranscription)
            run.Transcript ??= await store.OpenLocalAsync(StoredFiles.TranscriptKey(run.VideoId), cancellationToken);
        var media = await probe.ReadAsync(run.VideoPath, cancellationToken);
        // An accepted video is not checked again after a change of the limits.
        if (run.Task.State == TaskState.Validating && MediaRules.Check(media, limits.Value, run.NeedsSound) is { } broken)
            throw new IndexingFailedException(broken.Code, broken.Message);
        run.Media = media;
        return async (db, token) =>
        {
            var (width, height) = (media.Video?.Width, media.Video?.Height);
            await db.Videos.Where(row => row.Id == run.VideoId).ExecuteUpdateAsync(row => row
                .SetProperty(column => column.Duration, media.DurationSeconds)
                .SetProperty(column => column.FramesPerSecond, media.Video == null ? null : media.Video.FramesPerSecond)
                .SetProperty(column => column.Width, width)
                .SetProperty(column => column.Height, height)
                .SetProperty(column => column.Size, media.SizeBytes), token);
            await db.Tasks.Where(row => row.Id == run.Task.Id).ExecuteUpdateAsync(row => row
                .SetProperty(column => column.Duration, media.DurationSeconds)
                .SetProperty(column => column.Width, width)
                .SetProperty(column => column.Height, height), token);
        };
    }
}
