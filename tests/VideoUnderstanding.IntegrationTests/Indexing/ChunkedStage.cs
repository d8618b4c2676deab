using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.IntegrationTests.Search;
using SearchRows = VideoUnderstanding.Data.SearchTables.SearchRows;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>A stage that indexes 30 synthetic frames, one per second, in chunks. It calls the test at the beginning of every chunk
/// except the first.</summary>
/// <param name="atChunk">Receives the number of the attempt, from 1, and the zero-based index of the chunk that begins.</param>
internal sealed class ChunkedStage(Func<int, int, CancellationToken, Task> atChunk) : IIndexingStage
{
    public const int Seconds = 30;
    public const int ChunkSeconds = 10;

    private int _attempts;

    /// <summary>The service of the bench that runs the stage.</summary>
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

    /// <summary>Red from second 5 to 8, blue from second 25, otherwise green.</summary>
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
