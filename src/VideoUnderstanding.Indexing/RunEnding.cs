using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing;

/// <summary>Ends an attempt that threw an exception: the task fails, gets another attempt, returns to the queue, or is dropped.</summary>
public sealed partial class RunEnding(TaskJournal journal, IOptions<IndexingOptions> options, TimeProvider clock, ILogger<RunEnding> logger)
{
    /// <summary>Time for the database updates when the server is stopping.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Time for the database updates otherwise. A failed task may leave hundreds of thousands of rows to delete on a busy
    /// database.</summary>
    private static readonly TimeSpan UpdateTimeout = TimeSpan.FromMinutes(15);

    /// <returns>False if the server is stopping and the caller must rethrow the exception.</returns>
    public async Task<bool> EndAsync(IndexingRun run, Exception exception, CancellationToken stopping)
    {
        using var last = new CancellationTokenSource(UpdateTimeout, clock);
        await using var hurry = stopping.Register(() => last.CancelAfter(StopTimeout));
        try
        {
            return await EndAsync(run, exception, stopping.IsCancellationRequested, last.Token);
        }
        catch (TaskGoneException)
        {
            await journal.DropAsync(run, last.Token);
            IndexingTelemetry.AttemptEnded(AttemptOutcome.Dropped);
            return true;
        }
    }

    private async Task<bool> EndAsync(IndexingRun run, Exception exception, bool stopping, CancellationToken cancellationToken)
    {
        if (exception is TaskGoneException || !await journal.StillWantedAsync(run, cancellationToken))
        {
            LogGone(logger, run.Task.Id);
            await journal.DropAsync(run, cancellationToken);
            IndexingTelemetry.AttemptEnded(AttemptOutcome.Dropped);
        }
        else if (stopping)
        {
            await PutBackAsync(run, cancellationToken);
            return false;
        }
        else if (exception is DuplicateVideoException duplicate)
        {
            await EndDuplicateAsync(run, duplicate, cancellationToken);
        }
        else
        {
            await EndFailedAsync(run, exception, FailureReasons.Of(exception, run.AttemptNow), cancellationToken);
        }
        return true;
    }

    /// <summary>Returns the task to the queue because the server stops. The attempt does not count.</summary>
    public async Task PutBackAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        LogPutBack(logger, run.Task.Id);
        await journal.PutBackAsync(run, counts: false, cancellationToken);
        IndexingTelemetry.AttemptEnded(AttemptOutcome.Requeued);
    }

    private async Task EndFailedAsync(
        IndexingRun run, Exception exception, IndexingFailedException failure, CancellationToken cancellationToken)
    {
        var isLast = run.AttemptNow >= options.Value.MaxAttempts;
        if (failure.Waits || (failure.Retry && !isLast))
        {
            LogWillRetry(logger, exception, run.Task.Id, run.AttemptNow);
            // An attempt that does not count is followed by the pause of the one before it.
            await journal.PutBackAsync(run, counts: !isLast, cancellationToken);
            IndexingTelemetry.AttemptEnded(AttemptOutcome.Retry);
            return;
        }
        if (failure.Retry)
            LogGivenUp(logger, exception, run.Task.Id, run.AttemptNow, failure.Code);
        else
            LogFailed(logger, run.Task.Id, failure.Code, failure.Message);
        await journal.FailAsync(run, failure.Code, failure.Message, cancellationToken);
        IndexingTelemetry.AttemptEnded(AttemptOutcome.Failed);
    }

    /// <summary>A duplicate of an indexed video is finished. A duplicate of a video that is being indexed returns to the queue.</summary>
    private async Task EndDuplicateAsync(IndexingRun run, DuplicateVideoException duplicate, CancellationToken cancellationToken)
    {
        LogDuplicate(logger, run.Task.Id, duplicate.VideoId, duplicate.IsIndexed);
        if (duplicate.IsIndexed)
            await journal.FinishWithAsync(run, duplicate.VideoId, cancellationToken);
        else
            await journal.PutBackAsync(run, counts: false, cancellationToken);
        IndexingTelemetry.AttemptEnded(duplicate.IsIndexed ? AttemptOutcome.Ready : AttemptOutcome.Requeued);
    }

    [LoggerMessage(EventId = 2035, Level = LogLevel.Information,
        Message = "Task {TaskId}: the same file as video {VideoId}, indexed already: {Indexed}")]
    private static partial void LogDuplicate(ILogger logger, string taskId, string videoId, bool indexed);

    [LoggerMessage(EventId = 2030, Level = LogLevel.Information, Message = "Task {TaskId}: put back, the server is stopping")]
    private static partial void LogPutBack(ILogger logger, string taskId);

    [LoggerMessage(EventId = 2031, Level = LogLevel.Information, Message = "Task {TaskId}: dropped, it was deleted or overtaken")]
    private static partial void LogGone(ILogger logger, string taskId);

    [LoggerMessage(EventId = 2032, Level = LogLevel.Warning, Message = "Task {TaskId}: failed with {Code}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string taskId, string code, string reason);

    [LoggerMessage(EventId = 2033, Level = LogLevel.Error, Message = "Task {TaskId}: given up after try {Attempt} with {Code}")]
    private static partial void LogGivenUp(ILogger logger, Exception exception, string taskId, int attempt, string code);

    [LoggerMessage(EventId = 2034, Level = LogLevel.Warning, Message = "Task {TaskId}: try {Attempt} broke off, another will follow")]
    private static partial void LogWillRetry(ILogger logger, Exception exception, string taskId, int attempt);
}
