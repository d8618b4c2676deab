using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.IntegrationTests.Search;
using SearchRows = VideoUnderstanding.Data.SearchTables.SearchRows;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>A stage that indexes thirty made-up pictures, one a second, in chunks. Where a chunk begins, but for the first, it
/// does what the test says.</summary>
/// <param name="atChunk">Gets the attempt, from 1, and the number of the chunk that begins, from 1.</param>
internal sealed class ChunkedStage(Func<int, int, CancellationToken, Task> atChunk) : IIndexingStage
{
    public const int Seconds = 30;
    public const int ChunkSeconds = 10;

    private int _attempts;

    /// <summary>Of the bench that runs the stage.</summary>
    public ChunkCommits? Chunks { get; set; }

    public string Name => "chunked";
    public double Weight => 0.1;

    public bool AppliesTo(IndexingRun run) => true;

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        _attempts++;
        var chunks = Chunks!.Begin(run);
        var rows = new List<FrameVector>();
        for (var second = 0; second < Seconds; second++)
        {
            if (chunks.TryEnterChunk(second))
            {
                FrameVector[] chunk = [.. rows];
                await chunks.CommitAsync(second, (db, stretch, token) => SearchRows.ReplaceFramesAsync(db, stretch, chunk, token),
                    cancellationToken);
                rows.Clear();
            }
            if (second > 0 && second % ChunkSeconds == 0)
                await atChunk(_attempts, second / ChunkSeconds, cancellationToken);
            rows.Add(Picture(run, second));
        }
        return (db, token) => SearchRows.ReplaceFramesAsync(db, chunks.Remaining, rows, token);
    }

    /// <summary>Red from the fifth to the eighth second, blue from the 25th on, and otherwise green.</summary>
    private static FrameVector Picture(IndexingRun run, int second)
    {
        var (shot, colour) = second switch
        {
            < 5 => (0, "green"),
            < 8 => (1, "red"),
            < 25 => (2, "green"),
            _ => (3, "blue"),
        };
        return new FrameVector
        {
            IndexId = run.Index.Id, VideoId = run.VideoId, Start = second, End = second + 1, Shot = shot,
            Embedding = ColourVectors.Picture(colour, 0.9),
        };
    }
}
