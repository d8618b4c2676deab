using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Pictures;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.ScreenText;
using VideoUnderstanding.Indexing.Speech;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Decodes the picture track once, for all that looks at pictures: what is seen becomes vectors, what is written becomes text segments.</summary>
public sealed class WatchPicturesStage(FrameReader frames, ModelSet models, IOptions<FrameSamplingOptions> sampling, IOptions<ScreenTextOptions> screenText) : IIndexingStage
{
    /// <summary>Pictures that wait for each consumer. One is at most 2.8 MB at the default size.</summary>
    private const int QueueLength = 4;

    private const int ChunkSize = 500;

    public string Name => "watch_pictures";
    public double Weight => 0.4;

    public bool AppliesTo(IndexingRun run) => run.Has(IndexOptions.Visual) || run.Has(IndexOptions.TextInVideo);

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        var pictures = run.Has(IndexOptions.Visual) ? new PictureWatch(models.Visual, sampling.Value.DuplicateTolerance) : null;
        var screen = run.Has(IndexOptions.TextInVideo) ? new ScreenTextWatch(models.ScreenText, screenText.Value) : null;
        var duration = run.Media.DurationSeconds;
        List<FrameConsumer> consumers = [.. new FrameConsumer?[] { pictures is null ? null : pictures.WatchAsync, screen is null ? null : screen.WatchAsync }.OfType<FrameConsumer>()];
        await FrameFan.RunAsync(
            frames.ReadAsync(run.VideoPath, run.Media, sampling.Value.ToSampling(), cancellationToken), consumers, QueueLength,
            frame => progress.Report(frame.Time / duration), cancellationToken);
        var texts = await EmbedAsync(run, screen?.Close(duration) ?? [], cancellationToken);
        return async (db, token) =>
        {
            if (pictures is not null)
                await ReplaceFramesAsync(db, run, pictures.Close(duration), token);
            if (screen is not null)
                await TextSegmentRows.ReplaceAsync(db, run.VideoId, TextSource.Screen, texts, token);
        };
    }

    /// <summary>Without a word no model is needed.</summary>
    private async Task<List<TextSegment>> EmbedAsync(IndexingRun run, IReadOnlyList<ScreenTextSegment> segments, CancellationToken cancellationToken)
        => segments.Count == 0
            ? []
            : await TextSegmentRows.EmbedAsync(run, TextSource.Screen, segments.Select(one => new SpokenText(one.Start, one.End, one.Text)), models.Text, cancellationToken);

    /// <summary>Old and new rows change places in the caller's transaction.</summary>
    private static async Task ReplaceFramesAsync(VideoDbContext db, IndexingRun run, IEnumerable<(PictureSpan Span, Half[] Vector)> kept, CancellationToken cancellationToken)
    {
        await db.Frames.Where(row => row.VideoId == run.VideoId).ExecuteDeleteAsync(cancellationToken);
        foreach (var chunk in kept.Chunk(ChunkSize))
        {
            db.Frames.AddRange(chunk.Select(picture => new FrameVector
            {
                IndexId = run.Index.Id,
                VideoId = run.VideoId,
                Start = picture.Span.Start,
                End = picture.Span.End,
                Shot = picture.Span.Shot,
                Embedding = new HalfVector(picture.Vector),
            }));
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }
}
