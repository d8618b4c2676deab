using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing;

/// <summary>Claims a task and runs its unfinished stages in order.</summary>
public sealed partial class IndexingPipeline(
    RunStarter starter, StageSequence stages, TaskJournal journal, RunEnding ending, ILogger<IndexingPipeline> logger)
{
    /// <summary>Runs the next task until it is ready, failed or requeued. Throws if the attempt was interrupted (lost database connection,
    /// cancelled stage).</summary>
    /// <returns>The id of the task; null if none is due for this node.</returns>
    public async Task<string?> RunNextAsync(CancellationToken cancellationToken)
        => await RunAsync(await starter.StartNextAsync(cancellationToken), cancellationToken);

    /// <summary>Runs a certain task as <see cref="RunNextAsync"/> does; nothing if it does not wait for an attempt.</summary>
    public async Task RunAsync(string taskId, CancellationToken cancellationToken)
        => await RunAsync(await starter.StartAsync(taskId, cancellationToken), cancellationToken);

    private async Task<string?> RunAsync(ClaimedTask? claimed, CancellationToken cancellationToken)
    {
        if (claimed is null)
            return null;
        await using (claimed)
            if (claimed.Run is { } run)
                await RunAsync(run, claimed.Attempt.Lost, cancellationToken);
        return claimed.TaskId;
    }

    private async Task RunAsync(IndexingRun run, CancellationToken leaseLost, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leaseLost, stopping);
        using var scope = logger.BeginScope("Task {TaskId}", run.Task.Id);
        using var activity = IndexingTelemetry.Source.StartActivity("index video")?.SetTag("task.id", run.Task.Id);
        AttemptOutcome? outcome = null;
        try
        {
            if (!await stages.RunAsync(run, either.Token))
            {
                outcome = await ending.RequeueAsync(run, either.Token);
                return;
            }
            await journal.FinishAsync(run, either.Token);
            outcome = AttemptOutcome.Ready;
            LogReady(logger, run.Task.Id);
        }
        catch (Exception exception) when (!leaseLost.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            (outcome, var mustRethrow) = await ending.EndAsync(run, exception, stopping);
            if (mustRethrow)
                throw;
        }
        catch
        {
            LogLeaseLost(logger, run.Task.Id);
            outcome = AttemptOutcome.Dropped;
            throw;
        }
        finally
        {
            if (outcome is { } ended)
                IndexingTelemetry.AttemptEnded(ended);
            run.Release();
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning,
        Message = "Task {TaskId}: stopped because the database session of its lease ended; another attempt follows")]
    private static partial void LogLeaseLost(ILogger logger, string taskId);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "Task {TaskId}: ready")]
    private static partial void LogReady(ILogger logger, string taskId);
}
