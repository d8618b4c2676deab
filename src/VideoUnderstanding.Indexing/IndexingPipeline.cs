using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing;

/// <summary>Runs the stages of one task, in order, each once, going on where an earlier try stopped.</summary>
public sealed partial class IndexingPipeline(
    LeaseDesk leases, RunStarter starter, StageSequence stages, TaskJournal journal, RunEnding ending, ILogger<IndexingPipeline> logger)
{
    /// <summary>Brings the task to ready or failed, or back into the queue. Throws only for what another try may cure (a lost database, a
    /// cancelled stage).</summary>
    /// <returns>False if the attempt ended between two stages because the server stops: the task is to be queued again.</returns>
    public async Task<bool> RunAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var lease = await leases.TryTakeAsync(taskId, cancellationToken);
        if (lease is null)
            LogHeldElsewhere(logger, taskId);
        else if (await starter.BeginAsync(taskId, cancellationToken) is { } run)
            return await RunAsync(run, lease.Lost, cancellationToken);
        return true;
    }

    private async Task<bool> RunAsync(IndexingRun run, CancellationToken leaseLost, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leaseLost, stopping);
        using var scope = logger.BeginScope("Task {TaskId}", run.Task.Id);
        using var activity = IndexingTelemetry.Source.StartActivity("index video")?.SetTag("task.id", run.Task.Id);
        try
        {
            if (!await stages.RunAsync(run, either.Token))
            {
                await ending.PutBackAsync(run, either.Token);
                return false;
            }
            await journal.FinishAsync(run, either.Token);
            IndexingTelemetry.AttemptEnded(AttemptOutcome.Ready);
            LogReady(logger, run.Task.Id);
            return true;
        }
        catch (Exception exception) when (!leaseLost.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            if (!await ending.EndAsync(run, exception, stopping))
                throw;
            return true;
        }
        finally
        {
            run.Release();
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Information, Message = "Task {TaskId}: already being worked on")]
    private static partial void LogHeldElsewhere(ILogger logger, string taskId);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "Task {TaskId}: ready")]
    private static partial void LogReady(ILogger logger, string taskId);
}
