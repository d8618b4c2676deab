using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing;

/// <summary>The stages in the order of <see cref="IndexingServices"/>. Runs those that a task needs and has not finished, each in its own
/// activity. Adjacent parallel stages run at the same time, so that pictures and sound of a long video are searchable early.</summary>
public sealed partial class StageSequence(
    IEnumerable<IIndexingStage> stages, TaskJournal journal, ProgressWriters writers, TimeProvider clock, IHostApplicationLifetime lifetime,
    ILogger<StageSequence> logger)
{
    /// <summary>Held while a stage is recorded as finished, because each record contains all finished stages.</summary>
    private readonly SemaphoreSlim _recording = new(1, 1);

    /// <summary>Runs the stages. After a stop request the running stages are completed and no other one starts.</summary>
    /// <returns>False if stages remain because the server stops.</returns>
    /// <exception cref="IndexingFailedException">No stage reported progress for too long; another attempt may succeed.</exception>
    public async Task<bool> RunAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        await using var progress = writers.Begin(run);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, progress.Stalled);
        try
        {
            return await RunAsync(run, progress, either.Token);
        }
        catch (Exception exception) when (progress.Stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw progress.StallFailure(exception);
        }
    }

    private async Task<bool> RunAsync(IndexingRun run, RunProgress progress, CancellationToken cancellationToken)
    {
        var needed = stages.Where(stage => stage.AppliesTo(run)).ToList();
        foreach (var group in Groups(needed.Where(stage => stage.RunsInEveryAttempt || !run.FinishedStages.Contains(stage.Name))))
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                return false;
            if (!group[0].Validates)
            {
                await AcceptAsync(run, cancellationToken);
                progress.Estimate(needed);
            }
            await RunTogetherAsync(group, async (stage, token) =>
            {
                await RunStageAsync(run, stage, progress.Begin(stage.Name), token);
                progress.Finish(stage.Name);
            }, cancellationToken);
        }
        await AcceptAsync(run, cancellationToken);
        return true;
    }

    /// <summary>Returns the stages in their order: adjacent parallel ones together, each other one alone. Lazy, because a stage can change
    /// what later ones need.</summary>
    private static IEnumerable<IReadOnlyList<IIndexingStage>> Groups(IEnumerable<IIndexingStage> stages)
    {
        List<IIndexingStage> parallel = [];
        foreach (var stage in stages)
        {
            if (stage.IsParallel)
            {
                parallel.Add(stage);
                continue;
            }
            if (parallel.Count > 0)
                yield return parallel;
            parallel = [];
            yield return [stage];
        }
        if (parallel.Count > 0)
            yield return parallel;
    }

    /// <summary>Runs stages at the same time. The first failure cancels the others and is thrown when all have ended.</summary>
    private static async Task RunTogetherAsync(IReadOnlyList<IIndexingStage> stages, Func<IIndexingStage, CancellationToken, Task> run,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        // A stage can block before its first await, while it loads a model.
        await Task.WhenAll(stages.Select(stage => Task.Run(async () =>
        {
            try
            {
                await run(stage, either.Token);
            }
            catch (Exception exception)
            {
                if (Interlocked.CompareExchange(ref first, exception, null) is null)
                    await either.CancelAsync();
            }
        }, CancellationToken.None)));
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
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
        await _recording.WaitAsync(cancellationToken);
        try
        {
            await journal.FinishStageAsync(run, stage, writes, cancellationToken);
        }
        finally
        {
            _recording.Release();
        }
        var seconds = clock.GetElapsedTime(begun).TotalSeconds;
        IndexingTelemetry.StageFinished(stage.Name, seconds, run.HasMedia ? run.Media.DurationSeconds : 0);
        LogStageFinished(logger, run.Task.Id, stage.Name, seconds);
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Information, Message = "Task {TaskId}: stage {Stage} started")]
    private static partial void LogStageStarted(ILogger logger, string taskId, string stage);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Information, Message = "Task {TaskId}: stage {Stage} finished in {Seconds:F1} s")]
    private static partial void LogStageFinished(ILogger logger, string taskId, string stage, double seconds);
}
