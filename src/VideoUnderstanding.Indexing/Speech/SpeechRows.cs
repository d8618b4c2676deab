using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Indexing.Speech;

/// <summary>Spoken text of one video on its way to the database.</summary>
internal sealed class SpeechRows(IndexingRun run, ModelSet models, RowChunks chunks)
{
    private readonly List<SpokenText> _waiting = [];
    private int _numbered;
    private double _lastStart = double.NegativeInfinity;

    /// <summary>The stretch that <see cref="EmbedAsync"/> gives the rows of at the end.</summary>
    public VideoStretch Rest => chunks.Rest;

    public void Add(SpokenText text)
    {
        foreach (var part in BoundedTexts.Split(text))
        {
            _waiting.Add(part);
            _lastStart = Math.Max(_lastStart, part.Start);
        }
    }

    /// <summary>Passes the sound on to the recognition. What has been recognised is committed where a chunk of the sound ends.</summary>
    public IAsyncEnumerable<float[]> CommitAlongAsync(IAsyncEnumerable<float[]> blocks, CancellationToken cancellationToken)
        => chunks.AlongAsync(blocks, async (_, token) =>
        {
            if (_waiting.Count == 0)
                return;
            var rows = await EmbedAsync(token);
            await chunks.CommitAsync(Math.BitIncrement(_lastStart),
                (db, stretch, writing) => SearchRows.ReplaceSegmentsAsync(db, stretch, TextSource.Speech, rows, writing), token);
        }, cancellationToken);

    /// <returns>The rows of the texts that were added since the last call. Without speech no text model is needed.</returns>
    public async Task<List<TextSegment>> EmbedAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0)
            return [];
        var rows = await TextSegmentRows.EmbedAsync(run, TextSource.Speech, _waiting, _numbered, models.Text, cancellationToken);
        _numbered += rows.Count;
        _waiting.Clear();
        return rows;
    }
}
