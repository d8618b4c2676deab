namespace VideoUnderstanding.Media.Tools;

/// <summary>Why a tool gave no result.</summary>
public enum ToolFailure
{
    /// <summary>It is not installed, or may not be run.</summary>
    NotStarted,
    /// <summary>It ended with another code than 0.</summary>
    Failed,
    /// <summary>It used up its time and was killed.</summary>
    TimedOut,
    /// <summary>It wrote more than it may and was killed.</summary>
    TooMuchOutput,
}

/// <summary>A tool could not be started, failed, or was killed at a limit. The message ends with the last words of the tool.</summary>
public sealed class ToolException(string message, ToolFailure failure, int? exitCode = null, string errorTail = "", Exception? inner = null)
    : Exception(errorTail.Length == 0 ? message : $"{message}: {errorTail.Trim()}", inner)
{
    public ToolFailure Failure { get; } = failure;

    /// <summary>Above 128 on Unix: ended by signal (code - 128), or an error number of the tool's own. Null when it did not end by
    /// itself.</summary>
    public int? ExitCode { get; } = exitCode;

    /// <summary>The end of what the tool wrote to standard error.</summary>
    public string ErrorTail { get; } = errorTail;
}
