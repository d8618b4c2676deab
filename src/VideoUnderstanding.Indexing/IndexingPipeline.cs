using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing;

/// <summary>Runs the unfinished stages of one task in order.</summary>
public sealed partial class IndexingPipeline(
    TaskLeases leases, RunStarter starter, StageSequence stages, TaskJournal journal, RunEnding ending, ILogger<IndexingPipeline> logger)
{
    /// <summary>Runs the task until it is ready, failed or requeued. Throws if a retry may help (lost database connection, cancelled
    /// stage).</summary>
    /// <returns>False if the attempt ended between two stages because the server stops; the task must be queued again.</returns>
    public async Task<bool> RunAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var lease = await leases.TryAcquireAsync(taskId, cancellationToken);
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
        AttemptOutcome? outcome = null;
        try
        {
            if (!await stages.RunAsync(run, either.Token))
            {
                outcome = await ending.RequeueAsync(run, either.Token);
                return false;
            }
            await journal.FinishAsync(run, either.Token);
            outcome = AttemptOutcome.Ready;
            LogReady(logger, run.Task.Id);
            return true;
        }
        catch (Exception exception) when (!leaseLost.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            (outcome, var mustRethrow) = await ending.EndAsync(run, exception, stopping);
            if (mustRethrow)
                throw;
            return true;
        }
        finally
        {
            if (outcome is { } ended)
                IndexingTelemetry.AttemptEnded(ended);
            run.Release();
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Information, Message = "Task {TaskId}: another worker holds the lease")]
    private static partial void LogHeldElsewhere(ILogger logger, string taskId);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "Task {TaskId}: ready")]
    private static partial void LogReady(ILogger logger, string taskId);
}
