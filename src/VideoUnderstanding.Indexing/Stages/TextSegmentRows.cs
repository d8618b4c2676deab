using Microsoft.EntityFrameworkCore;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Speech;
using VideoUnderstanding.Inference.Text;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Spoken or shown text of one video with its vectors, and how it replaces what is stored.</summary>
internal static class TextSegmentRows
{
    /// <summary>Sentences given to the model in one call: enough to keep it busy.</summary>
    private const int BatchSize = 32;

    /// <summary>Rows sent to the database at once.</summary>
    private const int ChunkSize = 500;

    public static async Task<List<TextSegment>> EmbedAsync(
        IndexingRun run, TextSource source, IEnumerable<SpokenText> texts, TextEmbedder embedder, CancellationToken cancellationToken)
    {
        var rows = new List<TextSegment>();
        foreach (var batch in texts.Chunk(BatchSize))
        {
            var vectors = await embedder.EmbedPassagesAsync([.. batch.Select(text => text.Text)], cancellationToken);
            foreach (var (text, vector) in batch.Zip(vectors))
                rows.Add(new TextSegment
                {
                    IndexId = run.Index.Id,
                    VideoId = run.VideoId,
                    Source = source,
                    Number = rows.Count,
                    Start = text.Start,
                    End = text.End,
                    Text = text.Text,
                    Language = run.Task.Language,
                    Embedding = Half(vector),
                });
        }
        return rows;
    }

    /// <summary>Old and new rows change places in the caller's transaction.</summary>
    public static async Task ReplaceAsync(VideoDbContext db, string videoId, TextSource source, List<TextSegment> rows, CancellationToken cancellationToken)
    {
        await db.TextSegments.Where(row => row.VideoId == videoId && row.Source == source).ExecuteDeleteAsync(cancellationToken);
        foreach (var chunk in rows.Chunk(ChunkSize))
        {
            db.TextSegments.AddRange(chunk);
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>A vector as it is stored: two bytes a number, which is finer than the models are.</summary>
    public static HalfVector Half(float[] vector) => new(Array.ConvertAll(vector, value => (Half)value));
}
