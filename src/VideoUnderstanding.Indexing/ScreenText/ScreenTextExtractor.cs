using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Inference.ScreenText;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>Creates rows for segments of one video, numbered from the second argument on.</summary>
public delegate Task<List<TextSegment>> EmbedLines(
    IReadOnlyList<ScreenTextSegment> segments, int firstNumber, CancellationToken cancellationToken);

/// <summary>Recognises the text of every sampled frame and merges it over time.</summary>
public sealed class ScreenTextExtractor(ScreenTextReader reader, ScreenTextOptions options, RowChunks chunks, EmbedLines embed)
{
    private readonly ScreenTextTracker _tracker = new(reader);
    private readonly ScreenTextMerger _merger = new(options);
    private int _numbered;

    public async Task ProcessAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            _merger.Add(frame.Start, await _tracker.NextAsync(frame, cancellationToken));
            if (chunks.TryEnterChunk(frame.Start))
                await CommitAsync(_merger.ConfirmedUntil(frame.Start), cancellationToken);
        }
    }

    /// <summary>Returns all segments, including committed ones, because their ends and texts can have changed.</summary>
    public Task<List<TextSegment>> CloseAsync(double duration, CancellationToken cancellationToken)
        => embed(_merger.Close(duration), 0, cancellationToken);

    private async Task CommitAsync(double until, CancellationToken cancellationToken)
    {
        var rows = await embed(_merger.CurrentSegments(chunks.Remaining.From, until), _numbered, cancellationToken);
        await chunks.CommitAsync(until,
            (db, range, token) => SearchRows.ReplaceSegmentsAsync(db, range, TextSource.Screen, rows, token), cancellationToken);
        _numbered += rows.Count;
    }
}
