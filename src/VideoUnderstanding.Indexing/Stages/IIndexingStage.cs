using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Progress;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>One step on the way of a video. It computes first and hands back what to write, so that its rows and its name are committed
/// together.</summary>
public interface IIndexingStage
{
    /// <summary>Snake case; kept in the task's row once the stage is done.</summary>
    string Name { get; }

    /// <summary>Expected work in seconds per second of video on two CPU cores. A first guess, replaced by what this machine
    /// measures.</summary>
    double Weight { get; }

    /// <summary>True while it is not yet sure that the video is accepted: the task is <c>validating</c>, not <c>indexing</c>.</summary>
    bool Validates => false;

    /// <summary>True for a quick stage that fills the run and therefore runs in every try.</summary>
    bool EveryTry => false;

    bool AppliesTo(IndexingRun run);

    /// <summary>Does the work. May run again after a crash, so it overwrites what an earlier try left.</summary>
    /// <exception cref="IndexingFailedException">The task can not succeed.</exception>
    Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken);
}

/// <summary>Replaces the stage's rows. Called inside the transaction that writes the stage's name down.</summary>
public delegate Task StageWrites(VideoDbContext db, CancellationToken cancellationToken);
