using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>A generation to write.</summary>
/// <param name="From">Profile of the generation that searches read; null: the profile of the installation.</param>
/// <param name="To">Profile of the generation to write.</param>
/// <param name="Transcribes">True recognises speech again; false keeps the transcripts.</param>
public sealed record GenerationPlan(int Number, string? From, string? To, bool Transcribes);

/// <summary>Writes the rows of one finished video in another generation of its index. Rows whose model is the same in both profiles are
/// copied; texts are embedded again from the stored segments, and pictures from the kept ones or the file of the video.</summary>
public sealed class GenerationWriter(
    VideoDbContext db, PictureEmbedding pictures, SpeechAgain speech, LogoEmbedding logos, ModelSets modelSets)
{
    /// <summary>Segments per model call.</summary>
    private const int BatchSize = 32;

    /// <summary>Timeout of the commit, as in the pipeline.</summary>
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromMinutes(15);

    /// <param name="report">Gets the share of the video that is done, 0 to 1.</param>
    /// <returns>False if the video was deleted meanwhile.</returns>
    /// <exception cref="Media.MediaException">The video cannot be decoded.</exception>
    /// <exception cref="ModelSwitchException">The file of the video is missing.</exception>
    public async Task<bool> WriteAsync(
        VideoIndex index, string videoId, GenerationPlan plan, Action<double> report, CancellationToken cancellationToken)
    {
        var (old, models) = (modelSets.Of(plan.From).Models, modelSets.Of(plan.To).Models);
        var tables = plan.Number == 0 ? SearchTableNames.Shared : SearchTableNames.Dedicated(index.Id, plan.Number);
        var into = VideoRange.All(index.Id, videoId) with { Into = tables };
        var frames = HasPictures(index) && Differ(old, models, ModelRole.VisualText)
            ? await pictures.EmbedAsync(index, into, models.Visual, report, cancellationToken)
            : null;
        var spoken = plan.Transcribes && index.Options.Contains(IndexOptions.Conversation)
            ? await speech.TranscribeAsync(index.Id, videoId, models, cancellationToken)
            : null;
        var texts = Differ(old, models, ModelRole.TextEmbedding)
            ? await EmbedAsync(index.Id, videoId, models, withSpeech: spoken is null, cancellationToken)
            : null;
        db.Database.SetCommandTimeout(CommitTimeout);
        return await SearchGenerations.WriteVideoAsync(db, index.Id, videoId, plan.Number, async current =>
        {
            Task CopyAsync(SearchTable table) => SearchGenerations.CopyAsync(db, current, tables, table, videoId, cancellationToken);
            await CopyAsync(SearchTable.Sounds);
            if (frames is not null)
                await frames(db, cancellationToken);
            else
                foreach (var table in (SearchTable[])[SearchTable.Frames, SearchTable.Regions])
                    await CopyAsync(table);
            if (texts is null)
                await CopyAsync(SearchTable.Segments);
            foreach (var rows in (texts ?? []).Concat(spoken ?? []).GroupBy(text => text.Source))
                await SearchRows.ReplaceSegmentsAsync(db, into, rows.Key, rows, cancellationToken);
            if (spoken is { Count: 0 })
                await SearchRows.ReplaceSegmentsAsync(db, into, TextSource.Speech, [], cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Writes the vectors of the account's logos. Must be called before the generation is searched.</summary>
    public Task CompleteAsync(VideoIndex index, GenerationPlan plan, CancellationToken cancellationToken)
        => logos.FillAsync(index, modelSets.Of(plan.To).Models, cancellationToken);

    private static bool HasPictures(VideoIndex index)
        => index.Options.Contains(IndexOptions.Visual) || index.Options.Contains(IndexOptions.Logo);

    internal static bool Differ(ModelSet one, ModelSet other, ModelRole role) => one.Role(role)?.ModelId != other.Role(role)?.ModelId;

    /// <summary>Without segments no model is needed.</summary>
    private async Task<List<TextSegment>> EmbedAsync(
        string indexId, string videoId, ModelSet models, bool withSpeech, CancellationToken cancellationToken)
    {
        var stored = await SearchTableStore.InSnapshotAsync(db, indexId,
            tables => db.SegmentsIn(tables)
                .Where(segment => segment.VideoId == videoId && (withSpeech || segment.Source != TextSource.Speech))
                .OrderBy(segment => segment.Source).ThenBy(segment => segment.Number).ToListAsync(cancellationToken),
            () => [], cancellationToken);
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
                Embedding = VectorColumns.HalfOf(vector),
            }));
        }
        return rows;
    }
}
