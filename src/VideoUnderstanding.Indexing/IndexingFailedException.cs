namespace VideoUnderstanding.Indexing;

/// <summary>The task can not succeed, and another try would not change that.</summary>
/// <param name="code">Code of the error catalogue.</param>
/// <param name="reason">A sentence for the user.</param>
public sealed class IndexingFailedException(string code, string reason, Exception? inner = null) : Exception(reason, inner)
{
    public string Code { get; } = code;
}
