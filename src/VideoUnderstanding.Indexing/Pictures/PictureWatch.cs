using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>Turns pictures into vectors, batch by batch. Each stands for the time up to the next.</summary>
public sealed class PictureWatch(VisualEmbedder embedder)
{
    private readonly PictureSpans _spans = new();

    // Two bytes a number: about a kilobyte for each kept picture, and their count is bounded by the longest video allowed.
    private readonly List<Half[]> _vectors = [];

    public async Task WatchAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        var batch = new List<Frame>(embedder.BatchSize);
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            _spans.Add(frame);
            batch.Add(frame);
            if (batch.Count == embedder.BatchSize)
                await EmbedAsync(batch, cancellationToken);
        }
        if (batch.Count > 0)
            await EmbedAsync(batch, cancellationToken);
    }

    public IEnumerable<(PictureSpan Span, Half[] Vector)> Close(double duration) => _spans.Close(duration).Zip(_vectors);

    private async Task EmbedAsync(List<Frame> batch, CancellationToken cancellationToken)
    {
        foreach (var vector in await embedder.EmbedFramesAsync(batch, cancellationToken))
            _vectors.Add(Array.ConvertAll(vector, value => (Half)value));
        batch.Clear();
    }
}
