using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Logos;
using VideoUnderstanding.Indexing.Pictures;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.ScreenText;
using VideoUnderstanding.Indexing.Speech;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Decodes the video track once for all frame analysis: frames become vectors, screen text becomes text segments, and for logos
/// frame regions become vectors. The frames are kept if <see cref="IndexingOptions.KeepPictures"/> is on.</summary>
public sealed class WatchPicturesStage(
    FrameReader frames, ModelSets modelSets, PictureSettings settings, ChunkCommits chunks, PictureKeeping keeping) : IIndexingStage
{
    /// <summary>Queue length per consumer, in frames of at most 2.8 MB at the default size.</summary>
    private const int QueueLength = 4;

    public string Name => "watch_pictures";
    public double Weight => 0.5;
    public bool IsParallel => true;
    public bool UsesModels => true;

    public bool AppliesTo(IndexingRun run)
        => run.Has(IndexOptions.Visual) || run.Has(IndexOptions.TextInVideo) || run.Has(IndexOptions.Logo);

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        var (duration, models) = (run.Media.DurationSeconds, modelSets.Of(run.Profile).Models);
        var pictures = run.Has(IndexOptions.Visual) ? new FrameVectorExtractor(models.Visual, chunks.Begin(run)) : null;
        // The logo search also needs screen text, for brand names.
        var screen = run.Has(IndexOptions.TextInVideo) || run.Has(IndexOptions.Logo)
            ? new ScreenTextExtractor(models.ScreenText, settings.ScreenText.Value, chunks.Begin(run),
                (segments, first, token) => EmbedAsync(run, models, segments, first, token))
            : null;
        var regions = run.Has(IndexOptions.Logo)
            ? new LogoRegionExtractor(models.Visual, settings.LogoRegions.Value, duration, chunks.Begin(run))
            : null;
        await using var kept = pictures is null && regions is null ? null : keeping.Begin(run.Index, run.VideoId, duration);
        List<StreamConsumer<Frame>> consumers = [];
        if (screen is not null)
            consumers.Add(screen.ProcessAsync);
        if (pictures is not null || regions is not null)
            consumers.Add(ProcessDistinct(new DuplicateFrameFilter(settings.Sampling.Value.DuplicateTolerance, chunks.Seconds), pictures,
                regions, kept));
        await StreamBroadcast.RunAsync(
            frames.ReadAsync(run.VideoPath, run.Media, settings.Sampling.Value.ToSampling(), cancellationToken), consumers, QueueLength,
            frame => progress.Report(frame.Time / duration), cancellationToken);
        var texts = screen is null ? null : await screen.CloseAsync(duration, cancellationToken);
        var keptBytes = kept is null ? null : await kept.StoreAsync(cancellationToken);
        return async (db, token) =>
        {
            var all = VideoRange.All(run.Index.Id, run.VideoId);
            if (pictures is not null)
                await pictures.WriteRemainingAsync(db, duration, token);
            if (texts is not null)
                await SearchRows.ReplaceSegmentsAsync(db, all, TextSource.Screen, texts, token);
            if (regions is not null)
                await SearchRows.ReplaceRegionsAsync(db, all, LogoRegionRows.Of(all, regions.Close()), token);
            if (keptBytes is not null)
                await db.Videos.Where(video => video.Id == run.VideoId)
                    .ExecuteUpdateAsync(row => row.SetProperty(video => video.PicturesSize, keptBytes), token);
        };
    }

    /// <summary>Filters duplicate frames once for all consumers.</summary>
    private static StreamConsumer<Frame> ProcessDistinct(
        DuplicateFrameFilter filter, FrameVectorExtractor? pictures, LogoRegionExtractor? regions, KeptPictures? kept)
    {
        List<StreamConsumer<Frame>> consumers = [];
        if (pictures is not null)
            consumers.Add(pictures.ProcessAsync);
        if (regions is not null)
            consumers.Add(regions.ProcessAsync);
        if (kept is not null)
            consumers.Add(kept.ProcessAsync);
        return consumers is [var only]
            ? (frames, token) => only(filter.FilterAsync(frames), token)
            : (frames, token) => StreamBroadcast.RunAsync(filter.FilterAsync(frames), consumers, QueueLength, _ => { }, token);
    }

    /// <summary>Without text no model is needed.</summary>
    private static async Task<List<TextSegment>> EmbedAsync(IndexingRun run, ModelSet models, IReadOnlyList<ScreenTextSegment> segments,
        int firstNumber, CancellationToken cancellationToken)
        => segments.Count == 0
            ? []
            : await TextSegmentRows.EmbedAsync(run, TextSource.Screen, segments.Select(one => new SpokenText(one.Start, one.End, one.Text)),
                firstNumber, models.Text, cancellationToken);
}

/// <summary>Settings of the analysis of pictures.</summary>
public sealed record PictureSettings(
    IOptions<FrameSamplingOptions> Sampling, IOptions<ScreenTextOptions> ScreenText, IOptions<LogoRegionOptions> LogoRegions);
