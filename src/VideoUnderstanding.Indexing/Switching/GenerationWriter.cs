using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>Writes the rows of one finished video in another generation of its index. Rows whose model is the same in both profiles are
/// copied; texts are embedded again from the stored segments, and pictures from the file of the video.</summary>
public sealed class GenerationWriter(VideoDbContext db, PictureEmbedding pictures, ModelSets modelSets)
{
    /// <summary>Segments per model call.</summary>
    private const int BatchSize = 32;

    /// <summary>Timeout of the commit, as in the pipeline.</summary>
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromMinutes(15);

    /// <param name="profiles">Profiles of the generation that searches read and of the one to write; null: the profile of the
    /// installation.</param>
    /// <param name="report">Gets the share of the video that is done, 0 to 1.</param>
    /// <returns>False if the video was deleted meanwhile.</returns>
    /// <exception cref="Media.MediaException">The video cannot be decoded.</exception>
    /// <exception cref="ModelSwitchException">The file of the video is missing.</exception>
    public async Task<bool> WriteAsync(VideoIndex index, string videoId, (string? From, string? To) profiles, int generation,
        Action<double> report, CancellationToken cancellationToken)
    {
        var (old, models) = (modelSets.Of(profiles.From).Models, modelSets.Of(profiles.To).Models);
        var tables = generation == 0 ? SearchTableNames.Shared : SearchTableNames.Dedicated(index.Id, generation);
        var into = VideoRange.All(index.Id, videoId) with { Into = tables };
        var frames = index.Options.Contains(IndexOptions.Visual) && Differ(old, models, ModelRole.VisualText)
            ? await pictures.EmbedAsync(into, models.Visual, report, cancellationToken)
            : null;
        var texts = Differ(old, models, ModelRole.TextEmbedding)
            ? await EmbedAsync(index.Id, videoId, models, cancellationToken)
            : null;
        db.Database.SetCommandTimeout(CommitTimeout);
        return await SearchGenerations.WriteVideoAsync(db, index.Id, videoId, generation, async current =>
        {
            await SearchGenerations.CopyAsync(db, current, tables, SearchTable.Sounds, videoId, cancellationToken);
            if (frames is null)
                await SearchGenerations.CopyAsync(db, current, tables, SearchTable.Frames, videoId, cancellationToken);
            else
                await frames(db, cancellationToken);
            if (texts is null)
                await SearchGenerations.CopyAsync(db, current, tables, SearchTable.Segments, videoId, cancellationToken);
            else
                foreach (var source in Enum.GetValues<TextSource>())
                    await SearchRows.ReplaceSegmentsAsync(db, into, source, texts.Where(text => text.Source == source), cancellationToken);
        }, cancellationToken);
    }

    private static bool Differ(ModelSet one, ModelSet other, ModelRole role) => one.Role(role)?.ModelId != other.Role(role)?.ModelId;

    /// <summary>Without segments no model is needed.</summary>
    private async Task<List<TextSegment>> EmbedAsync(
        string indexId, string videoId, ModelSet models, CancellationToken cancellationToken)
    {
        var stored = await SearchTableStore.InSnapshotAsync(db, indexId,
            tables => db.SegmentsIn(tables).Where(segment => segment.VideoId == videoId).OrderBy(segment => segment.Source)
                .ThenBy(segment => segment.Number).ToListAsync(cancellationToken), () => [], cancellationToken);
        var rows = new List<TextSegment>(stored.Count);
        foreach (var batch in stored.Chunk(BatchSize))
        {
            var vectors = await models.Text.EmbedPassagesAsync([.. batch.Select(segment => segment.Text)], cancellationToken);
            rows.AddRange(batch.Zip(vectors, (segment, vector) => new TextSegment
            {
                IndexId = indexId,
                VideoId = videoId,
                Source = segment.Source,
                Number = segment.Number,
                Start = segment.Start,
                End = segment.End,
                Text = segment.Text,
                Language = segment.Language,
                Embedding = TextSegmentRows.Half(vector),
            }));
        }
        return rows;
    }
}
