using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Speech;
using VideoUnderstanding.Inference.Text;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Embeds transcripts and screen text of one video.</summary>
internal static class TextSegmentRows
{
    /// <summary>Sentences per model call.</summary>
    private const int BatchSize = 32;

    /// <param name="firstNumber">Number of the first row.</param>
    public static Task<List<TextSegment>> EmbedAsync(IndexingRun run, TextSource source, IEnumerable<SpokenText> texts, int firstNumber,
        TextEmbedder embedder, CancellationToken cancellationToken)
        => EmbedAsync(new TextPlace(run.Index.Id, run.VideoId, source, run.TextLanguage), texts, firstNumber, embedder, cancellationToken);

    public static async Task<List<TextSegment>> EmbedAsync(TextPlace place, IEnumerable<SpokenText> texts, int firstNumber,
        TextEmbedder embedder, CancellationToken cancellationToken)
    {
        var rows = new List<TextSegment>();
        foreach (var batch in texts.SelectMany(TextSplitter.Split).Chunk(BatchSize))
        {
            var vectors = await embedder.EmbedPassagesAsync([.. batch.Select(text => text.Text)], cancellationToken);
            foreach (var (text, vector) in batch.Zip(vectors))
                rows.Add(new TextSegment
                {
                    IndexId = place.IndexId,
                    VideoId = place.VideoId,
                    Source = place.Source,
                    Number = firstNumber + rows.Count,
                    Start = text.Start,
                    End = text.End,
                    Text = text.Text,
                    Language = text.Language ?? place.Language,
                    Embedding = VectorColumns.HalfOf(vector),
                });
        }
        return rows;
    }
}

/// <summary>The video, source and language of texts.</summary>
/// <param name="Language">Language of texts without a detected one.</param>
internal sealed record TextPlace(string IndexId, string VideoId, TextSource Source, string Language);
