namespace VideoUnderstanding.Indexing;

/// <summary>The one failure of background work: an attempt of a task failed for a known reason. The reason is reported to the
/// user.</summary>
/// <param name="code">Code of the error catalogue.</param>
/// <param name="reason">A sentence for the user.</param>
/// <param name="retry">See <see cref="Retry"/>.</param>
public sealed class IndexingFailedException(string code, string reason, Exception? inner = null, bool retry = false)
    : Exception(reason, inner)
{
    public string Code { get; } = code;

    /// <summary>True if another attempt may succeed. The reason is then reported only if the last attempt fails, too.</summary>
    public bool Retry { get; } = retry;

    /// <summary>True if no number of attempts is enough to give up, because something that all tasks need is away.</summary>
    public bool Waits { get; init; }
}
