using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>A stage that waits until the test calls <see cref="Release"/>.</summary>
/// <param name="isWriting">True to wait between writing and the end of the transaction, false to wait before writing.</param>
internal sealed class BlockedStage(bool isWriting) : IIndexingStage
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "held";
    public double Weight => 0.1;

    public bool AppliesTo(IndexingRun run) => true;

    public Task ReachedAsync() => _reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void Release() => _released.TrySetResult();

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        if (!isWriting)
            await BlockAsync(cancellationToken);
        return async (db, token) =>
        {
            db.TextSegments.Add(new TextSegment
            {
                IndexId = run.Index.Id, VideoId = run.VideoId, Source = TextSource.Speech, Number = 0, Start = 0, End = 1, Text = "held",
                Language = "en",
                Embedding = new Pgvector.HalfVector(new Half[] { (Half)1, (Half)0 }),
            });
            await db.SaveChangesAsync(token);
            if (isWriting)
                await BlockAsync(token);
        };
    }

    private Task BlockAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}
