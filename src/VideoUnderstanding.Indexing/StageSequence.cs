using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing;

/// <summary>The stages in the order of <see cref="IndexingServices"/>. Runs those that a task needs and has not finished, each in its own
/// activity.</summary>
public sealed partial class StageSequence(
    IEnumerable<IIndexingStage> stages, TaskJournal journal, StageSpeeds speeds, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<StageSequence> logger)
{
    /// <summary>Runs the stages. After a stop request the running stage is completed and no other one starts.</summary>
    /// <returns>False if stages remain because the server stops.</returns>
    public async Task<bool> RunAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        var needed = stages.Where(stage => stage.AppliesTo(run)).ToList();
        await using var progress = new RunProgress(run, journal, clock, logger);
        ProgressEstimator? estimator = null;
        foreach (var stage in needed.Where(stage => stage.RunsInEveryAttempt || !run.FinishedStages.Contains(stage.Name)))
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                return false;
            if (!stage.Validates && estimator is null)
            {
                await AcceptAsync(run, cancellationToken);
                estimator = new ProgressEstimator(needed.Where(one => !one.Validates), run.FinishedStages, run.Media.DurationSeconds,
                    speeds, clock);
                progress.SetEstimator(estimator);
            }
            estimator?.Begin(stage.Name);
            await RunStageAsync(run, stage, progress.Stage, cancellationToken);
            estimator?.Finish();
        }
        await AcceptAsync(run, cancellationToken);
        return true;
    }

    private async Task AcceptAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        if (run.Task.State == TaskState.Validating)
            await journal.AcceptAsync(run, cancellationToken);
    }

    private async Task RunStageAsync(IndexingRun run, IIndexingStage stage, StageProgress progress, CancellationToken cancellationToken)
    {
        using var activity = IndexingTelemetry.Source.StartActivity(stage.Name)?.SetTag("task.id", run.Task.Id);
        LogStageStarted(logger, run.Task.Id, stage.Name);
        var begun = clock.GetTimestamp();
        var writes = await stage.RunAsync(run, progress, cancellationToken);
        await journal.FinishStageAsync(run, stage, writes, cancellationToken);
        var seconds = clock.GetElapsedTime(begun).TotalSeconds;
        IndexingTelemetry.StageFinished(stage.Name, seconds, run.HasMedia ? run.Media.DurationSeconds : 0);
        LogStageFinished(logger, run.Task.Id, stage.Name, seconds);
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Information, Message = "Task {TaskId}: stage {Stage} started")]
    private static partial void LogStageStarted(ILogger logger, string taskId, string stage);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Information, Message = "Task {TaskId}: stage {Stage} finished in {Seconds:F1} s")]
    private static partial void LogStageFinished(ILogger logger, string taskId, string stage, double seconds);
}
