namespace VideoUnderstanding.Operations.Cli;

/// <summary>A verb can not do what was asked. The message is shown to the user as it is, and the exit code is 1.</summary>
public sealed class CommandFailure(string message) : Exception(message);
