using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>A stage that runs a function of the test, counts its runs and writes one text segment.</summary>
/// <param name="alsoWrites">Runs in the transaction of the stage's rows, before they are written.</param>
internal sealed class ScriptedStage(string name, Func<IndexingRun, CancellationToken, Task>? script = null, bool validates = false,
    Func<VideoDbContext, CancellationToken, Task>? alsoWrites = null, bool isParallel = false)
    : IIndexingStage
{
    private int _runs;

    public int Runs => _runs;
    public string Name => name;
    public double Weight => 0.1;
    public bool Validates => validates;
    public bool RunsInEveryAttempt => validates;
    public bool IsParallel => isParallel;

    public bool AppliesTo(IndexingRun run) => true;

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        if (!isParallel)
            run.Media = new MediaInfo("mov", 10, 1000, new VideoTrack(0, "h264", 640, 360, 25, 0), null);
        if (script is not null)
            await script(run, cancellationToken);
        return async (db, token) =>
        {
            if (validates)
                return;
            if (alsoWrites is not null)
                await alsoWrites(db, token);
            db.TextSegments.Add(new TextSegment
            {
                IndexId = run.Index.Id, VideoId = run.VideoId, Source = TextSource.Speech, Number = 0, Start = 0, End = 1, Text = name,
                Language = "en",
                Embedding = new Pgvector.HalfVector(new Half[] { (Half)1, (Half)0 }),
            });
            await db.SaveChangesAsync(token);
        };
    }
}
