using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Progress;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Keeps transfers from storing a video twice in an index, CONTRACT 6.6. Whoever gets past this stage goes on; the next one with
/// the same content waits for it, and ends with its video.</summary>
public sealed class SkipDuplicateStage : IIndexingStage
{
    public const string StageName = "skip_duplicate";

    public string Name => StageName;
    public double Weight => 0;
    public bool Validates => true;

    public bool AppliesTo(IndexingRun run) => TransferSources.IsTransfer(run.Task.VideoUrl);

    /// <exception cref="DuplicateVideoException">Thrown by the writes: the index has the video, or is about to.</exception>
    public Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
        => Task.FromResult<StageWrites>(async (db, token) =>
        {
            // In the transaction that writes this stage down: of two equal videos one gets past, and the other sees that.
            if (await Twins.FindAsync(db, run, token) is { } twin)
                throw new DuplicateVideoException(twin.VideoId, twin.IsIndexed);
        });
}
