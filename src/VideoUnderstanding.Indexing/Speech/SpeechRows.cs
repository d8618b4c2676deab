using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Indexing.Speech;

/// <summary>Collects the transcript of one video, embeds it and commits it.</summary>
internal sealed class SpeechRows(IndexingRun run, ModelSet models, RowChunks chunks)
{
    private readonly List<SpokenText> _pending = [];
    private int _numbered;
    private double _lastStart = double.NegativeInfinity;

    /// <summary>The range of the rows that <see cref="EmbedAsync"/> returns at the end.</summary>
    public VideoRange Remaining => chunks.Remaining;

    public void Add(SpokenText text)
    {
        foreach (var part in TextSplitter.Split(text))
        {
            _pending.Add(part);
            _lastStart = Math.Max(_lastStart, part.Start);
        }
    }

    /// <summary>Passes on the samples and commits the recognised text at the end of each chunk.</summary>
    public IAsyncEnumerable<float[]> CommitChunksAsync(IAsyncEnumerable<float[]> blocks, CancellationToken cancellationToken)
        => chunks.WithCommitsAsync(blocks, async (_, token) =>
        {
            if (_pending.Count == 0)
                return;
            var rows = await EmbedAsync(token);
            await chunks.CommitAsync(Math.BitIncrement(_lastStart),
                (db, range, writing) => SearchRows.ReplaceSegmentsAsync(db, range, TextSource.Speech, rows, writing), token);
        }, cancellationToken);

    /// <returns>The rows of the texts added since the last call. Without speech no text model is needed.</returns>
    public async Task<List<TextSegment>> EmbedAsync(CancellationToken cancellationToken)
    {
        if (_pending.Count == 0)
            return [];
        var rows = await TextSegmentRows.EmbedAsync(run, TextSource.Speech, _pending, _numbered, models.Text, cancellationToken);
        _numbered += rows.Count;
        _pending.Clear();
        return rows;
    }
}
