using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing;

/// <summary>An attempt of a task failed for a known reason, which is reported to the user. The only failure type of background
/// work.</summary>
/// <param name="code">Code of the error catalogue.</param>
/// <param name="reason">Message for the user.</param>
/// <param name="retry">See <see cref="Retry"/>.</param>
public sealed class IndexingFailedException(string code, string reason, Exception? inner = null, bool retry = false)
    : Exception(reason, inner)
{
    public string Code { get; } = code;

    /// <summary>True if another attempt may succeed. The reason is then reported only if the last attempt fails.</summary>
    public bool Retry { get; } = retry;

    /// <summary>True if the task is retried without a limit, because the cause is not the video: the bucket does not answer,
    /// or this server's disk is full and another server may index the video.</summary>
    public bool Waits { get; init; }
}

/// <summary>Converts exceptions of background work to failures with a code, a message for the user and a retry flag.</summary>
internal static class FailureReasons
{
    private const string Unexpected = "internal_server_error";

    /// <summary>Maximum characters of an exception message that are included.</summary>
    private const int MaxMessage = 300;

    /// <param name="attempts">Attempts so far, including the failed one.</param>
    public static IndexingFailedException Of(Exception exception, int attempts) => exception switch
    {
        IndexingFailedException failed => failed,
        MediaException broken when MediaRules.Broken(broken.Message) is var rule
            => new IndexingFailedException(rule.Code, rule.Message, broken),
        ModelUnavailableException missing
            => new IndexingFailedException("model_unavailable", missing.Message, missing, missing.IsTransient),
        _ when StoreOutage.Is(exception) => new IndexingFailedException(
            Unexpected, "The store of the files does not answer.", exception, retry: true) { Waits = true },
        LocalCacheFullException => new IndexingFailedException(
            Unexpected, "The server has no disk space for a copy of the video.", exception, retry: true) { Waits = true },
        _ when DiskSpace.IsDiskFull(exception) => new IndexingFailedException(
            Unexpected, $"The server has no disk space left. Indexing was tried {attempts} times.", exception, retry: true),
        _ => new IndexingFailedException(
            Unexpected, $"Indexing was tried {attempts} times and failed each time. The last reason: {ReasonOf(exception)}", exception,
            retry: true),
    };

    /// <summary>Returns a sentence for the user. Messages of file system exceptions can contain server paths, so only their type is
    /// included.</summary>
    private static string ReasonOf(Exception exception) => exception switch
    {
        PostgresException refused => $"The database refused a statement: {Sentence(refused.MessageText)}",
        NpgsqlException { InnerException: TimeoutException } => "The database did not answer in time.",
        NpgsqlException => "The connection to the database was lost.",
        DbUpdateException { InnerException: { } inner } => ReasonOf(inner),
        OutOfMemoryException => "The server ran out of memory.",
        IOException or UnauthorizedAccessException => $"A file of the server could not be read or written ({exception.GetType().Name}).",
        _ => $"{exception.GetType().Name}: {Sentence(exception.Message)}",
    };

    private static string Sentence(string message)
        => (message.Length > MaxMessage ? message[..MaxMessage] + "…" : message.TrimEnd('.', ' ')) + ".";
}
