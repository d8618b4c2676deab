using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>Turns pictures into vectors, batch by batch; while one is with the model the next is gathered, so that decoder and model do not
/// wait for each other. Each picture stands for the time up to the next.</summary>
public sealed class PictureWatch(VisualEmbedder embedder)
{
    private readonly PictureSpans _spans = new();

    // Two bytes a number: about a kilobyte for each kept picture, and their count is bounded by the longest video allowed.
    private readonly List<Half[]> _vectors = [];

    public async Task WatchAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        var (batch, embedding) = (new List<Frame>(embedder.BatchSize), Task.CompletedTask);
        try
        {
            await foreach (var frame in frames.WithCancellation(cancellationToken))
            {
                _spans.Add(frame);
                batch.Add(frame);
                if (batch.Count < embedder.BatchSize)
                    continue;
                await embedding;
                embedding = EmbedAsync(batch, cancellationToken);
                batch = new List<Frame>(embedder.BatchSize);
            }
            await embedding;
            if (batch.Count > 0)
                await EmbedAsync(batch, cancellationToken);
        }
        finally
        {
            // Also when the frames end with a failure: no work stays behind.
            await embedding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public IEnumerable<(PictureSpan Span, Half[] Vector)> Close(double duration) => _spans.Close(duration).Zip(_vectors);

    private async Task EmbedAsync(List<Frame> batch, CancellationToken cancellationToken)
    {
        foreach (var vector in await embedder.EmbedFramesAsync(batch, cancellationToken))
            _vectors.Add(Array.ConvertAll(vector, value => (Half)value));
    }
}
