using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing;

/// <summary>Runs the stages of one task, in order, each once, going on where an earlier try stopped.</summary>
public sealed partial class IndexingPipeline(
    LeaseDesk leases, RunStarter starter, StageSequence stages, TaskJournal journal, RunEnding ending, ILogger<IndexingPipeline> logger)
{
    /// <summary>Brings the task to ready or failed, or back into the queue. Throws only for what another try may cure (a lost database, a
    /// stopping server).</summary>
    public async Task RunAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var lease = await leases.TryTakeAsync(taskId, cancellationToken);
        if (lease is null)
            LogHeldElsewhere(logger, taskId);
        else if (await starter.BeginAsync(taskId, cancellationToken) is { } run)
            await RunAsync(run, lease.Lost, cancellationToken);
    }

    private async Task RunAsync(IndexingRun run, CancellationToken leaseLost, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leaseLost, stopping);
        using var scope = logger.BeginScope("Task {TaskId}", run.Task.Id);
        using var activity = IndexingTelemetry.Source.StartActivity("index video")?.SetTag("task.id", run.Task.Id);
        try
        {
            await stages.RunAsync(run, either.Token);
            await journal.FinishAsync(run, either.Token);
            IndexingTelemetry.AttemptEnded(AttemptOutcome.Ready);
            LogReady(logger, run.Task.Id);
        }
        catch (Exception exception) when (!leaseLost.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            if (!await ending.EndAsync(run, exception, stopping))
                throw;
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
