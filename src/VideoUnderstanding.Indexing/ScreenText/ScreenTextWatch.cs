using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Inference.ScreenText;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>Gives the segments of one video their rows, numbered from the second argument on.</summary>
public delegate Task<List<TextSegment>> EmbedLines(
    IReadOnlyList<ScreenTextSegment> segments, int firstNumber, CancellationToken cancellationToken);

/// <summary>Reads the text in every sampled picture and merges it over time.</summary>
public sealed class ScreenTextWatch(ScreenTextReader reader, ScreenTextOptions options, RowChunks chunks, EmbedLines embed)
{
    private readonly ScreenTextTracker _tracker = new(reader);
    private readonly ScreenTextMerger _merger = new(options);
    private int _numbered;

    public async Task WatchAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            _merger.Add(frame.Start, await _tracker.NextAsync(frame, cancellationToken));
            if (chunks.TryPass(frame.Start))
                await CommitAsync(_merger.SettledUntil(frame.Start), cancellationToken);
        }
    }

    /// <summary>All segments, those of chunks too: their ends and texts may have changed since.</summary>
    public Task<List<TextSegment>> CloseAsync(double duration, CancellationToken cancellationToken)
        => embed(_merger.Close(duration), 0, cancellationToken);

    private async Task CommitAsync(double until, CancellationToken cancellationToken)
    {
        var rows = await embed(_merger.SoFar(chunks.Rest.From, until), _numbered, cancellationToken);
        await chunks.CommitAsync(until,
            (db, stretch, token) => SearchRows.ReplaceSegmentsAsync(db, stretch, TextSource.Screen, rows, token), cancellationToken);
        _numbered += rows.Count;
    }
}
