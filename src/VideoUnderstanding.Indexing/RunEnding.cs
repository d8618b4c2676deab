using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing.Journal;

namespace VideoUnderstanding.Indexing;

/// <summary>Decides what becomes of a task whose try broke off: failed, tried again, put back or dropped.</summary>
public sealed partial class RunEnding(TaskJournal journal, IOptions<IndexingOptions> options, TimeProvider clock, ILogger<RunEnding> logger)
{
    /// <summary>Time to write it down once the server is stopping.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>Time to write it down otherwise: what a failed task leaves behind may be hundreds of thousands of rows, on a busy database.</summary>
    private static readonly TimeSpan Words = TimeSpan.FromMinutes(15);

    /// <returns>False when the exception is to go on to the caller: the server is stopping.</returns>
    public async Task<bool> EndAsync(IndexingRun run, Exception exception, CancellationToken stopping)
    {
        using var last = new CancellationTokenSource(Words, clock);
        await using var hurry = stopping.Register(() => last.CancelAfter(LastWords));
        try
        {
            return await EndAsync(run, exception, stopping.IsCancellationRequested, last.Token);
        }
        catch (TaskGoneException)
        {
            await journal.DropAsync(run, last.Token);
            return true;
        }
    }

    private async Task<bool> EndAsync(IndexingRun run, Exception exception, bool stopping, CancellationToken cancellationToken)
    {
        if (exception is TaskGoneException || !await journal.StillWantedAsync(run, cancellationToken))
        {
            LogGone(logger, run.Task.Id);
            await journal.DropAsync(run, cancellationToken);
        }
        else if (stopping)
        {
            LogPutBack(logger, run.Task.Id);
            await journal.PutBackAsync(run, counts: false, cancellationToken);
            return false;
        }
        else if (exception is DuplicateVideoException duplicate)
        {
            await EndDuplicateAsync(run, duplicate, cancellationToken);
        }
        else if (FailureReasons.Expected(exception) is { } known)
        {
            LogFailed(logger, run.Task.Id, known.Code, known.Message);
            await journal.FailAsync(run, known.Code, known.Message, cancellationToken);
        }
        else if (run.AttemptNow >= options.Value.MaxAttempts)
        {
            var reason = FailureReasons.GivenUp(exception, run.AttemptNow);
            LogGivenUp(logger, exception, run.Task.Id, run.AttemptNow, reason.Code);
            await journal.FailAsync(run, reason.Code, reason.Message, cancellationToken);
        }
        else
        {
            LogWillRetry(logger, exception, run.Task.Id, run.AttemptNow);
            await journal.PutBackAsync(run, counts: true, cancellationToken);
        }
        return true;
    }

    /// <summary>A copy of an indexed video is done; a copy of one that is still being worked on is looked at again later.</summary>
    private async Task EndDuplicateAsync(IndexingRun run, DuplicateVideoException duplicate, CancellationToken cancellationToken)
    {
        LogDuplicate(logger, run.Task.Id, duplicate.VideoId, duplicate.IsIndexed);
        if (duplicate.IsIndexed)
            await journal.FinishWithAsync(run, duplicate.VideoId, cancellationToken);
        else
            await journal.PutBackAsync(run, counts: false, cancellationToken);
    }

    [LoggerMessage(EventId = 2035, Level = LogLevel.Information, Message = "Task {TaskId}: the same file as video {VideoId}, indexed already: {Indexed}")]
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
