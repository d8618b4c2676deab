namespace VideoUnderstanding.Indexing;

/// <summary>The task can not succeed, for a reason that its user is told.</summary>
/// <param name="code">Code of the error catalogue.</param>
/// <param name="reason">A sentence for the user.</param>
/// <param name="mayPass">See <see cref="MayPass"/>.</param>
public sealed class IndexingFailedException(string code, string reason, Exception? inner = null, bool mayPass = false) : Exception(reason, inner)
{
    public string Code { get; } = code;

    /// <summary>True when another try may help; the reason is told when the last one has failed.</summary>
    public bool MayPass { get; } = mayPass;
}
