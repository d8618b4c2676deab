namespace VideoUnderstanding.Media.Tools;

/// <summary>Why a tool gave no result.</summary>
public enum ToolFailure
{
    /// <summary>It is not installed, or may not be executed.</summary>
    NotStarted,
    /// <summary>It ended with another code than 0.</summary>
    Failed,
    /// <summary>It exceeded its time limit and was killed.</summary>
    TimedOut,
    /// <summary>It exceeded its output limit and was killed.</summary>
    TooMuchOutput,
}

/// <summary>A tool could not be started, failed, or was killed at a limit. The message ends with the tool's last messages.</summary>
public sealed class ToolException(string message, ToolFailure failure, int? exitCode = null, string errorTail = "", Exception? inner = null)
    : Exception(errorTail.Length == 0 ? message : $"{message}: {errorTail.Trim()}", inner)
{
    public ToolFailure Failure { get; } = failure;

    /// <summary>Above 128 on Unix: ended by signal (code - 128), or the tool's own error number. Null if the tool was killed or not
    /// started.</summary>
    public int? ExitCode { get; } = exitCode;

    /// <summary>The end of standard error.</summary>
    public string ErrorTail { get; } = errorTail;
}
