using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Progress;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Prevents transfers from storing a video twice in an index, CONTRACT 6.6. The first attempt with a content passes; later ones
/// wait and end with its video.</summary>
public sealed class SkipDuplicateStage : IIndexingStage
{
    public const string StageName = "skip_duplicate";

    public string Name => StageName;
    public double Weight => 0;
    public bool Validates => true;

    public bool AppliesTo(IndexingRun run) => TransferSources.IsTransfer(run.Task.VideoUrl);

    /// <exception cref="DuplicateVideoException">Thrown by the writes if the index has the video or is indexing it.</exception>
    public Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
        => Task.FromResult<StageWrites>(async (db, token) =>
        {
            // In the transaction that finishes this stage: of two equal videos one passes, and the other detects it.
            if (await DuplicateVideos.FindAsync(db, run, token) is { } duplicate)
                throw new DuplicateVideoException(duplicate.VideoId, duplicate.IsIndexed);
        });
}
