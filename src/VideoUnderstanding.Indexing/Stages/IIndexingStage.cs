using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Progress;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>A stage of the pipeline. It computes first and returns the database writes, so that its rows and its completion are committed
/// together.</summary>
public interface IIndexingStage
{
    /// <summary>Name in snake case; stored in the task's row when the stage is finished.</summary>
    string Name { get; }

    /// <summary>Expected seconds per second of video on two CPU cores, beside the stages that run at the same time. Replaced by
    /// measurements.</summary>
    double Weight { get; }

    /// <summary>True for stages that run before the video is accepted: the task's state is <c>validating</c>.</summary>
    bool Validates => false;

    /// <summary>True for a short stage that sets data of the run and must run in every attempt.</summary>
    bool RunsInEveryAttempt => false;

    /// <summary>True for a long stage that runs at the same time as the stages next to it with this property. They share no results, only
    /// the machine.</summary>
    bool IsParallel => false;

    /// <summary>True if the rows depend on the models of the index. The stage is repeated if the index is switched to others before the
    /// task is ready.</summary>
    bool UsesModels => false;

    bool AppliesTo(IndexingRun run);

    /// <summary>Does the work. It can run again after a crash, so it replaces the results of earlier attempts.</summary>
    /// <exception cref="IndexingFailedException">The task cannot succeed.</exception>
    Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken);
}

/// <summary>Replaces the stage's rows, in the transaction that marks the stage as finished.</summary>
public delegate Task StageWrites(VideoDbContext db, CancellationToken cancellationToken);
