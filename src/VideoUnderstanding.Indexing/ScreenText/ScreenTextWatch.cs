using VideoUnderstanding.Inference.ScreenText;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>Reads the text in every sampled picture and merges it over time.</summary>
public sealed class ScreenTextWatch(ScreenTextReader reader, ScreenTextOptions options)
{
    private readonly ScreenTextTracker _tracker = new(reader);
    private readonly ScreenTextMerger _merger = new(options);

    public async Task WatchAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
            _merger.Add(frame.Start, await _tracker.NextAsync(frame, cancellationToken));
    }

    public IReadOnlyList<ScreenTextSegment> Close(double duration) => _merger.Close(duration);
}
