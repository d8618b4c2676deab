using System.Diagnostics;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Pictures;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>Decodes a stored video again and embeds its frames with another model. Samples the same frames as
/// <see cref="WatchPicturesStage"/>.</summary>
public sealed class PictureEmbedding(
    IFileStore store, MediaProbe probe, FrameReader frames, IOptions<FrameSamplingOptions> sampling, ChunkCommits chunks)
{
    /// <summary>Queue length between decoder and model, in frames.</summary>
    private const int QueueLength = 4;

    /// <param name="into">The video, and the tables of the generation.</param>
    /// <param name="report">Gets the share of the video that is done, 0 to 1.</param>
    /// <returns>The writes of the frames.</returns>
    /// <exception cref="MediaException">The video cannot be decoded.</exception>
    /// <exception cref="ModelSwitchException">The file of the video is missing.</exception>
    public async Task<StageWrites> EmbedAsync(
        VideoRange into, VisualEmbedder embedder, Action<double> report, CancellationToken cancellationToken)
    {
        using var file = await store.OpenLocalAsync(StoredFiles.VideoKey(into.VideoId), cancellationToken)
            ?? throw new ModelSwitchException("its file is missing");
        var media = await probe.ReadAsync(file.Path, cancellationToken);
        var duration = media.DurationSeconds;
        var pictures = new FrameVectorExtractor(embedder,
            new RowChunks(into, double.PositiveInfinity, (_, _) => throw new UnreachableException("There is only one chunk.")));
        var filter = new DuplicateFrameFilter(sampling.Value.DuplicateTolerance, chunks.Seconds);
        await StreamBroadcast.RunAsync(frames.ReadAsync(file.Path, media, sampling.Value.ToSampling(), cancellationToken),
            [WatchPicturesStage.ProcessDistinct(filter, pictures, null)], QueueLength, frame => report(frame.Time / duration),
            cancellationToken);
        return (db, token) => pictures.WriteRemainingAsync(db, duration, token);
    }
}
