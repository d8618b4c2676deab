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
