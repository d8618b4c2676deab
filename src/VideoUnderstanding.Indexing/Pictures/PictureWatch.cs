using Pgvector;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>Turns pictures into vectors, batch by batch; while one is with the model the next is gathered, so that decoder and model do not
/// wait for each other. Each picture stands for the time up to the next.</summary>
public sealed class PictureWatch(VisualEmbedder embedder, RowChunks chunks)
{
    private readonly PictureSpans _spans = new();

    // Two bytes a number: about a kilobyte for each kept picture of a chunk.
    private readonly List<Half[]> _vectors = [];

    private List<Frame> _batch = [];
    private Task _embedding = Task.CompletedTask;

    public async Task WatchAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in frames.WithCancellation(cancellationToken))
            {
                if (frame.Start > _spans.LastStart && chunks.TryPass(frame.Start))
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
            // Also when the frames end with a failure: no work stays behind.
            await _embedding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes the pictures that no chunk has committed. The last one stands until the end of the video.</summary>
    public Task WriteRestAsync(Data.VideoDbContext db, double duration, CancellationToken cancellationToken)
        => SearchRows.ReplaceFramesAsync(db, chunks.Rest, Take(duration), cancellationToken);

    private async Task CommitAsync(double until, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var rows = Take(until);
        await chunks.CommitAsync(until, (db, stretch, token) => SearchRows.ReplaceFramesAsync(db, stretch, rows, token), cancellationToken);
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
            IndexId = chunks.Rest.IndexId,
            VideoId = chunks.Rest.VideoId,
            Start = span.Start,
            End = span.End,
            Shot = span.Shot,
            Embedding = new HalfVector(vector),
        })];
        _vectors.Clear();
        return rows;
    }
}
