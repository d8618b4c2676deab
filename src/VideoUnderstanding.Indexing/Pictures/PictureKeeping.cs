using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.KeptPictures;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>Stores the pictures that models analyse, one file per video, if <see cref="IndexingOptions.KeepPictures"/> is on. The pictures
/// are an optimisation: a video without them is decoded again.</summary>
public sealed partial class PictureKeeping(IFileStore store, DataFolder folder, IOptions<IndexingOptions> options,
    IOptions<StorageOptions> storage, IOptions<MediaToolOptions> media, ILogger<PictureKeeping> logger)
{
    /// <summary>Pixels. Visual models take squares of 224 to 384 pixels.</summary>
    private const int MaxShortSide = 384;

    /// <param name="duration">Seconds of the video.</param>
    /// <returns>Null if pictures are not kept, or the disk has too little space.</returns>
    internal KeptPictures? Begin(VideoIndex index, string videoId, double duration)
    {
        if (!options.Value.KeepPictures)
            return null;
        if (folder.FreeBytes < storage.Value.MinFreeBytes)
        {
            LogNoSpace(logger, videoId);
            return null;
        }
        var path = folder.NewTemporaryPath();
        // Logos are searched in windows of a quarter of the height, which need every analysed pixel.
        var size = index.Options.Contains(IndexOptions.Logo) ? int.MaxValue : MaxShortSide;
        return new KeptPictures(store, StoredFiles.PicturesKey(videoId), path, new KeptPictureWriter(path, size, duration, media.Value),
            failure => LogNotKept(logger, failure, videoId));
    }

    [LoggerMessage(EventId = 2050, Level = LogLevel.Warning,
        Message = "Video {VideoId}: its pictures are not kept, because the disk has too little free space")]
    private static partial void LogNoSpace(ILogger logger, string videoId);

    [LoggerMessage(EventId = 2051, Level = LogLevel.Warning, Message = "Video {VideoId}: its pictures could not be kept")]
    private static partial void LogNotKept(ILogger logger, Exception exception, string videoId);
}

/// <summary>The pictures of one video while it is indexed. A failure to encode or to write them is logged and does not fail the
/// video.</summary>
/// <param name="path">Temporary file of the writer.</param>
internal sealed class KeptPictures(IFileStore store, string key, string path, KeptPictureWriter writer, Action<Exception> onFailure)
    : IAsyncDisposable
{
    private bool _hasFailed;

    /// <summary>Reads all frames even after a failure, because a full queue would block the other consumers.</summary>
    public async Task ProcessAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
            await TryAsync(() => writer.AddAsync(frame, cancellationToken));
    }

    /// <summary>Moves the complete file into the store. It replaces that of an earlier attempt.</summary>
    /// <returns>Its size in bytes; null if there is none.</returns>
    public async Task<long?> StoreAsync(CancellationToken cancellationToken)
    {
        var isComplete = false;
        await TryAsync(async () => isComplete = await writer.CompleteAsync(cancellationToken));
        if (!isComplete)
            return null;
        var size = new FileInfo(path).Length;
        await store.MoveInAsync(key, path, cancellationToken);
        return size;
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        File.Delete(path);
    }

    private async Task TryAsync(Func<Task> work)
    {
        if (_hasFailed)
            return;
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is IOException or ToolException or UnauthorizedAccessException)
        {
            _hasFailed = true;
            onFailure(failure);
        }
    }
}
