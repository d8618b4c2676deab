namespace VideoUnderstanding.Operations.Cli;

/// <summary>A verb failed. The message is shown to the user unchanged, and the exit code is 1.</summary>
public sealed class CommandFailure(string message) : Exception(message);
