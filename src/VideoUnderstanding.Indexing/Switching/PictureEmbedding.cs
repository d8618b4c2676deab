using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Logos;
using VideoUnderstanding.Indexing.Pictures;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>Embeds the frames of a stored video, and their regions for logos, with another model.</summary>
public sealed partial class PictureEmbedding(
    StoredFrames frames, IOptions<LogoRegionOptions> logoRegions, ILogger<PictureEmbedding> logger)
{
    /// <summary>Queue length between decoder and model, in frames.</summary>
    private const int QueueLength = 4;

    /// <param name="into">The video, and the tables of the generation.</param>
    /// <param name="report">Gets the share of the video that is done, 0 to 1.</param>
    /// <returns>The writes of the frames and regions.</returns>
    /// <exception cref="MediaException">The video cannot be decoded.</exception>
    /// <exception cref="ModelSwitchException">The file of the video is missing.</exception>
    public async Task<StageWrites> EmbedAsync(
        VideoIndex index, VideoRange into, VisualEmbedder embedder, Action<double> report, CancellationToken cancellationToken)
    {
        try
        {
            using var kept = await frames.OpenKeptAsync(into.VideoId, cancellationToken);
            if (kept is not null)
                return await EmbedAsync(index, into, embedder, kept, report, cancellationToken);
        }
        catch (MediaException damaged)
        {
            LogDamaged(logger, damaged, into.VideoId);
        }
        using var video = await frames.OpenVideoAsync(into.VideoId, cancellationToken);
        return await EmbedAsync(index, into, embedder, video, report, cancellationToken);
    }

    private async Task<StageWrites> EmbedAsync(VideoIndex index, VideoRange into, VisualEmbedder embedder, FrameSource source,
        Action<double> report, CancellationToken cancellationToken)
    {
        var all = new RowChunks(into, double.PositiveInfinity, (_, _) => throw new UnreachableException("There is only one chunk."));
        var pictures = index.Options.Contains(IndexOptions.Visual) ? new FrameVectorExtractor(embedder, all) : null;
        var regions = index.Options.Contains(IndexOptions.Logo)
            ? new LogoRegionExtractor(embedder, logoRegions.Value, source.Duration, all)
            : null;
        List<StreamConsumer<Frame>> consumers = [];
        if (pictures is not null)
            consumers.Add(pictures.ProcessAsync);
        if (regions is not null)
            consumers.Add(regions.ProcessAsync);
        await StreamBroadcast.RunAsync(source.Read(cancellationToken), consumers, QueueLength,
            frame => report(frame.Time / source.Duration), cancellationToken);
        return async (db, token) =>
        {
            if (pictures is not null)
                await pictures.WriteRemainingAsync(db, source.Duration, token);
            if (regions is not null)
                await SearchRows.ReplaceRegionsAsync(db, into, LogoRegionRows.Of(into, regions.Close()), token);
        };
    }

    [LoggerMessage(EventId = 2052, Level = LogLevel.Warning,
        Message = "Video {VideoId}: its kept pictures cannot be used, so it is decoded again")]
    private static partial void LogDamaged(ILogger logger, Exception exception, string videoId);
}
