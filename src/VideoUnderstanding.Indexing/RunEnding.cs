using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Indexing;

/// <summary>Ends an attempt that threw an exception: the task fails, gets another attempt, returns to the queue, or is dropped.</summary>
public sealed partial class RunEnding(TaskJournal journal, IOptions<IndexingOptions> options, TimeProvider clock, ILogger<RunEnding> logger)
{
    /// <summary>Time for the database updates when the server is stopping.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Time for the database updates otherwise. A failed task may leave hundreds of thousands of rows to delete on a busy
    /// database.</summary>
    private static readonly TimeSpan UpdateTimeout = TimeSpan.FromMinutes(15);

    /// <returns>The outcome. <c>MustRethrow</c> is true if the server is stopping and the caller must rethrow the exception.</returns>
    internal async Task<(AttemptOutcome Outcome, bool MustRethrow)> EndAsync(
        IndexingRun run, Exception exception, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(UpdateTimeout, clock);
        await using var shortened = stopping.Register(() => timeout.CancelAfter(StopTimeout));
        try
        {
            return await EndAsync(run, exception, stopping.IsCancellationRequested, timeout.Token);
        }
        catch (ObsoleteAttemptException)
        {
            await journal.DropAsync(run, timeout.Token);
            return (AttemptOutcome.Dropped, false);
        }
    }

    private async Task<(AttemptOutcome Outcome, bool MustRethrow)> EndAsync(
        IndexingRun run, Exception exception, bool stopping, CancellationToken cancellationToken)
    {
        if (exception is ObsoleteAttemptException || !await journal.IsCurrentAttemptAsync(run, cancellationToken))
        {
            LogDropped(logger, run.Task.Id);
            await journal.DropAsync(run, cancellationToken);
            return (AttemptOutcome.Dropped, false);
        }
        if (exception is ModelsSwitchedException)
            return (await RestartAsync(run, cancellationToken), stopping);
        if (stopping)
            return (await RequeueAsync(run, cancellationToken), true);
        return (exception is DuplicateVideoException duplicate
            ? await EndDuplicateAsync(run, duplicate, cancellationToken)
            : await EndFailedAsync(run, exception, FailureReasons.Of(exception, run.AttemptNow), cancellationToken), false);
    }

    /// <summary>Returns the task to the queue because the server stops. The attempt does not count.</summary>
    internal async Task<AttemptOutcome> RequeueAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        LogRequeued(logger, run.Task.Id);
        await journal.RequeueAsync(run, countsAttempt: false, TimeSpan.Zero, cancellationToken);
        return AttemptOutcome.Requeued;
    }

    /// <summary>Returns the task to the queue because its index uses other models now. The attempt does not count.</summary>
    private async Task<AttemptOutcome> RestartAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        LogModelsSwitched(logger, run.Task.Id);
        await journal.RequeueAsync(run, countsAttempt: false, TimeSpan.Zero, cancellationToken);
        return AttemptOutcome.Requeued;
    }

    private async Task<AttemptOutcome> EndFailedAsync(
        IndexingRun run, Exception exception, IndexingFailedException failure, CancellationToken cancellationToken)
    {
        var isLast = run.AttemptNow >= options.Value.MaxAttempts;
        if (failure.Waits || (failure.Retry && !isLast))
        {
            LogWillRetry(logger, exception, run.Task.Id, run.AttemptNow);
            // A waiting task stays below the maximum number of attempts, so its retry delay does not grow.
            var counted = isLast ? run.AttemptNow - 1 : run.AttemptNow;
            await journal.RequeueAsync(run, countsAttempt: !isLast, options.Value.RetryDelay(counted), cancellationToken);
            return AttemptOutcome.Retry;
        }
        if (failure.Retry)
            LogGivenUp(logger, exception, run.Task.Id, run.AttemptNow, failure.Code);
        else
            LogFailed(logger, run.Task.Id, failure.Code, failure.Message);
        await journal.FailAsync(run, failure.Code, failure.Message, cancellationToken);
        return AttemptOutcome.Failed;
    }

    /// <summary>A duplicate of an indexed video is finished. A duplicate of a video that is being indexed returns to the queue.</summary>
    private async Task<AttemptOutcome> EndDuplicateAsync(
        IndexingRun run, DuplicateVideoException duplicate, CancellationToken cancellationToken)
    {
        LogDuplicate(logger, run.Task.Id, duplicate.VideoId, duplicate.IsIndexed);
        if (duplicate.IsIndexed)
        {
            await journal.FinishAsDuplicateAsync(run, duplicate.VideoId, cancellationToken);
            return AttemptOutcome.Ready;
        }
        await journal.RequeueAsync(run, countsAttempt: false, options.Value.RetryDelay(1), cancellationToken);
        return AttemptOutcome.Requeued;
    }

    [LoggerMessage(EventId = 2035, Level = LogLevel.Information,
        Message = "Task {TaskId}: duplicate of video {VideoId}, already indexed: {Indexed}")]
    private static partial void LogDuplicate(ILogger logger, string taskId, string videoId, bool indexed);

    [LoggerMessage(EventId = 2030, Level = LogLevel.Information, Message = "Task {TaskId}: requeued because the server is stopping")]
    private static partial void LogRequeued(ILogger logger, string taskId);

    [LoggerMessage(EventId = 2036, Level = LogLevel.Information,
        Message = "Task {TaskId}: requeued because its index was switched to other models")]
    private static partial void LogModelsSwitched(ILogger logger, string taskId);

    [LoggerMessage(EventId = 2031, Level = LogLevel.Information,
        Message = "Task {TaskId}: dropped because it was deleted or a newer attempt owns it")]
    private static partial void LogDropped(ILogger logger, string taskId);

    [LoggerMessage(EventId = 2032, Level = LogLevel.Warning, Message = "Task {TaskId}: failed with {Code}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string taskId, string code, string reason);

    [LoggerMessage(EventId = 2033, Level = LogLevel.Error,
        Message = "Task {TaskId}: failed in its last attempt, number {Attempt}, with {Code}")]
    private static partial void LogGivenUp(ILogger logger, Exception exception, string taskId, int attempt, string code);

    [LoggerMessage(EventId = 2034, Level = LogLevel.Warning, Message = "Task {TaskId}: attempt {Attempt} failed and will be retried")]
    private static partial void LogWillRetry(ILogger logger, Exception exception, string taskId, int attempt);
}
