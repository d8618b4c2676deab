using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing;

/// <summary>The one place that turns exceptions of background work into a failure with a code, a message for the user and a retry
/// flag.</summary>
internal static class FailureReasons
{
    private const string Unexpected = "internal_server_error";

    /// <summary>Characters of a foreign message that are passed on.</summary>
    private const int MaxMessage = 300;

    /// <param name="attempts">Attempts so far, including the failed one.</param>
    public static IndexingFailedException Of(Exception exception, int attempts) => exception switch
    {
        IndexingFailedException failed => failed,
        MediaException broken when MediaRules.Broken(broken.Message) is var rule
            => new IndexingFailedException(rule.Code, rule.Message, broken),
        ModelUnavailableException missing => new IndexingFailedException("model_unavailable", missing.Message, missing, missing.MayPass),
        _ when StoreOutage.Is(exception) => new IndexingFailedException(
            Unexpected, "The store of the files does not answer.", exception, retry: true) { Waits = true },
        _ when DiskSpace.RanOut(exception) => new IndexingFailedException(
            Unexpected, $"The server has no disk space left. Indexing was tried {attempts} times.", exception, retry: true),
        _ => new IndexingFailedException(
            Unexpected, $"Indexing was tried {attempts} times and failed each time. The last reason: {ReasonOf(exception)}", exception,
            retry: true),
    };

    /// <summary>A sentence about an unexpected failure. Messages of the file system may name paths of the server, so only their kind is
    /// told.</summary>
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
