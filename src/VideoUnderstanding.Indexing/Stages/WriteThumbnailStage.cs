using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Creates the thumbnail from the middle of the video, for indexes with the thumbnail add-on. Other thumbnails are created on
/// request.</summary>
public sealed partial class WriteThumbnailStage(
    ThumbnailWriter writer, IFileStore store, DataFolder folder, IOptions<IndexingOptions> options, ILogger<WriteThumbnailStage> logger)
    : IIndexingStage
{
    public string Name => "write_thumbnail";
    public double Weight => 0.01;

    public bool AppliesTo(IndexingRun run) => run.Index.Addons.Contains("thumbnail");

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        var middle = run.Media.DurationSeconds / 2;
        var picture = folder.NewTemporaryPath();
        try
        {
            await writer.WriteAsync(run.VideoPath, middle, picture, options.Value.ThumbnailLongSide, cancellationToken);
            await store.MoveInAsync(StoredFiles.ThumbnailKey(run.VideoId, middle), picture, cancellationToken);
        }
        catch (MediaException exception)
        {
            // The video is searchable without a thumbnail. It is created, or missing, on request.
            LogNoThumbnail(logger, exception, run.Task.Id);
        }
        finally
        {
            File.Delete(picture);
        }
        return (_, _) => Task.CompletedTask;
    }

    [LoggerMessage(EventId = 2040, Level = LogLevel.Warning, Message = "Task {TaskId}: the thumbnail could not be created")]
    private static partial void LogNoThumbnail(ILogger logger, Exception exception, string taskId);
}
