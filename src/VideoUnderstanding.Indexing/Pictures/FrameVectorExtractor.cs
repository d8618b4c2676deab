using Pgvector;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>Embeds frames in batches. While the model processes one batch the next is collected, so that decoder and model run
/// concurrently. Each frame represents the time until the next.</summary>
public sealed class FrameVectorExtractor(VisualEmbedder embedder, RowChunks chunks)
{
    private readonly PictureSpans _spans = new();

    // Half precision: about 1 kB per kept frame of a chunk.
    private readonly List<Half[]> _vectors = [];

    private List<Frame> _batch = [];
    private Task _embedding = Task.CompletedTask;

    public async Task ProcessAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in frames.WithCancellation(cancellationToken))
            {
                if (frame.Start > _spans.LastStart && chunks.TryEnterChunk(frame.Start))
                    await CommitAsync(frame.Start, cancellationToken);
                _spans.Add(frame);
                _batch.Add(frame);
                if (_batch.Count < embedder.BatchSize)
                    continue;
                await _embedding;
                _embedding = EmbedAsync(cancellationToken);
            }
            await FlushAsync(cancellationToken);
        }
        finally
        {
            // Waits also after a failure, so that no task continues in the background.
            await _embedding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes the frames that no chunk has committed. The last one ends with the video.</summary>
    public Task WriteRemainingAsync(Data.VideoDbContext db, double duration, CancellationToken cancellationToken)
        => SearchRows.ReplaceFramesAsync(db, chunks.Remaining, Take(duration), cancellationToken);

    private async Task CommitAsync(double until, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var rows = Take(until);
        await chunks.CommitAsync(until, (db, range, token) => SearchRows.ReplaceFramesAsync(db, range, rows, token), cancellationToken);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _embedding;
        if (_batch.Count > 0)
            await EmbedAsync(cancellationToken);
    }

    private async Task EmbedAsync(CancellationToken cancellationToken)
    {
        var batch = _batch;
        _batch = new List<Frame>(embedder.BatchSize);
        foreach (var vector in await embedder.EmbedFramesAsync(batch, cancellationToken))
            _vectors.Add(Array.ConvertAll(vector, value => (Half)value));
    }

    private List<FrameVector> Take(double end)
    {
        List<FrameVector> rows = [.. _spans.Take(end).Zip(_vectors, (span, vector) => new FrameVector
        {
            IndexId = chunks.Remaining.IndexId,
            VideoId = chunks.Remaining.VideoId,
            Start = span.Start,
            End = span.End,
            Shot = span.Shot,
            Embedding = new HalfVector(vector),
        })];
        _vectors.Clear();
        return rows;
    }
}
